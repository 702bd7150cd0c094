// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a page that is served from here may load, run and speak to (Content Security Policy, level 3). A message that a
// client shows wrongly must not become a script, and a page must not tell anybody else who looks at what.
#pragma once

#include "web/Discovery.h"

#include <string>

namespace godwit::web
{

/// The value of the header. Everything comes from here; `addresses` are where the wires are reached from outside, which
/// a page that came by another name may speak to as well.
std::string contentSecurityPolicy(const WireAddresses &addresses);

} // namespace godwit::web
