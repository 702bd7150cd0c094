// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "cache/Types.h"

#include <vector>

namespace godwit::cache
{

class Store;

/// What lies between spans, oldest first. Spans of several scopes may overlap and touch; the order does not matter.
std::vector<Gap> gapsBetween(std::vector<Span> spans);

/// The gaps of a chat that have messages on both sides.
std::vector<Gap> gapsOf(Store &store, const QString &peer);

} // namespace godwit::cache
