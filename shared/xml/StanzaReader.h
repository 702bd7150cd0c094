// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Makes a Stanza of an element that an ElementParser has just read: its addresses prepared, its bytes in kept form.
#pragma once

#include "xml/ElementParser.h"
#include "xml/NamespaceSet.h"
#include "xml/Stanza.h"

#include <string>
#include <string_view>

namespace godwit::xml
{

class StanzaReader
{
public:
    /// `element` is what `parser` read last, a stanza under `inherited`.
    StanzaReader(ElementParser &parser, std::string_view element, const NamespaceSet &inherited);

    /// False when the stanza had to be written anew and that failed; parser.failure() says why.
    bool read();
    Stanza &stanza() { return m_stanza; }
    /// Why it is a malformed stanza; empty when it is not.
    const std::string &reason() const { return m_reason; }

private:
    bool rewrite();
    void readAddresses();
    bool readAddress(std::string_view name, jid::Jid &address);
    void keepBytes();
    void appendOtherAttributes();
    void appendDeclarations();

    ElementParser &m_parser;
    std::string_view m_element;
    const NamespaceSet &m_inherited;
    std::string m_canonical;
    NamespaceSet m_neutral;
    Stanza m_stanza;
    std::string m_reason;
};

} // namespace godwit::xml
