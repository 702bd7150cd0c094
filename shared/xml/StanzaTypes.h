// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "xml/Stanza.h"

#include <cstddef>
#include <string_view>

namespace godwit::xml
{

/// What a stanza that was read leaves free for the `from` (one attribute) that the server stamps next, so that it costs
/// no allocation.
inline constexpr std::size_t stampRoom = 96;

/// What the type attribute (empty when absent) means on a stanza of this kind.
StanzaType readType(StanzaKind kind, std::string_view value);

} // namespace godwit::xml
