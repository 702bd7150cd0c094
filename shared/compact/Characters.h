// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What may stand in XML: what a frame says must be writable as XML, whoever sent it.
#pragma once

#include <string_view>

namespace godwit::compact
{

/// UTF-8 of characters that XML 1.0 allows (§2.2).
bool isXmlText(std::string_view text);
/// An NCName (Namespaces in XML §3) that every edition of XML allows. `text` is XML text already.
bool isName(std::string_view text);

} // namespace godwit::compact
