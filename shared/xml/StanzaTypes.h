// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "xml/Stanza.h"

#include <string_view>

namespace godwit::xml
{

/// What the type attribute (empty when absent) means on a stanza of this kind.
StanzaType readType(StanzaKind kind, std::string_view value);

} // namespace godwit::xml
