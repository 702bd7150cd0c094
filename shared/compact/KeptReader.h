// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A tree of bytes that are known to be good: what a stanza keeps, what we wrote ourselves. It takes a tenth of a
// parser's time, because it understands only how such bytes nearly always look; what looks otherwise (prefixes, CDATA,
// carriage returns) is left to the parser.
#pragma once

#include "xml/DocumentBuilder.h"

#include <string_view>
#include <vector>

namespace godwit::compact
{

class KeptReader
{
public:
    explicit KeptReader(xml::DocumentBuilder &builder)
        : m_builder(builder)
    {
    }

    /// Reads one element that stands under the default namespace. False when it is not of the simple kind; the builder
    /// then holds a part of it.
    bool read(std::string_view bytes, std::string_view defaultNs);
    /// Nothing in the bytes says something else than itself, so every value in the tree is a part of them.
    bool isPlain() const { return m_isPlain; }

private:
    using Span = xml::Document::Span;
    struct Open {
        Span name;
        Span ns;
    };
    struct Attribute {
        Span name;
        Span value;
        bool isLanguage = false;
    };

    // Each takes what it names from the front of `rest`.
    bool startTag(std::string_view &rest);
    bool attribute(std::string_view &rest, Span &ns);
    bool attributeValue(std::string_view &rest, Span &value) const;
    bool specialValue(std::string_view &rest, char quote, Span &value) const;
    bool endTag(std::string_view &rest);
    bool characters(std::string_view &rest);
    void openElement(std::string_view name, Span ns);
    /// Stores text whose references are to be resolved; false for one that is not known.
    bool resolve(std::string_view text, Span &stored) const;
    /// Where a part of the bytes lies in the document's text, which begins with them.
    Span place(std::string_view part) const
    {
        return Span{static_cast<std::uint32_t>(part.data() - m_bytes.data()), static_cast<std::uint32_t>(part.size())};
    }

    xml::DocumentBuilder &m_builder;
    std::string_view m_bytes;
    std::vector<Open> m_open;
    std::vector<Attribute> m_attributes;
    Span m_defaultNs;
    Span m_languageNs;
    bool m_isPlain = false;
};

} // namespace godwit::compact
