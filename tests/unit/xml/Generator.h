// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <cstdint>
#include <string>

namespace godwit::test
{

/// A well-formed stanza with as many oddities of XML in it as the seed draws: prefixes declared, shadowed and unused,
/// the content namespace said in every way, CDATA, references, mixed content, strange but legal white space. Under the
/// default namespace "jabber:client". The same seed gives the same stanza.
std::string generateStanza(std::uint64_t seed);

} // namespace godwit::test
