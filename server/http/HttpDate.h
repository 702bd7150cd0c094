// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Clock.h"

#include <string>

namespace godwit::http
{

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string formatHttpDate(base::WallTime time);

} // namespace godwit::http
