// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <string>
#include <string_view>

namespace godwit::store
{

/// The value of an attribute in the start tag of a stanza in kept form (xml/Stanza.h), with its entities resolved;
/// empty when it is not there. Reads our own writing, not arbitrary XML.
std::string startTagAttribute(std::string_view keptBytes, std::string_view name);

} // namespace godwit::store
