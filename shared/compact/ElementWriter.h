// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes an element of a Document as rules 12 to 15 say.
#pragma once

#include "compact/Dictionary.h"
#include "compact/ValueWriter.h"
#include "xml/Document.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace godwit::compact
{

class WriteRecord;

class ElementWriter
{
public:
    /// A record is told what of the frame are values.
    ElementWriter(std::string &out, Tables &tables, Exchange &exchange, const xml::Document &document,
                  WriteRecord *record = nullptr)
        : m_out(out)
        , m_tables(tables)
        , m_values(out, tables, exchange)
        , m_document(document)
        , m_record(record)
    {
    }

    /// The element at `index` as a frame. False when it is deeper than sentDepthMax; then the tables hold what was
    /// never sent.
    bool frame(std::uint32_t index);

private:
    using Node = xml::Document::Node;
    using Span = xml::Document::Span;
    /// What children need to know of their parent.
    struct Parent {
        std::string_view ns;
        bool isMessage = false;
        bool hasId = false;
        Span id; ///< of the message
        std::size_t depth = 0;
    };
    struct Sorted;

    bool element(const Node &node, const Parent &parent);
    bool children(const Node &node, const Parent &self);
    const ElementEntry *choose(const Node &node, const Parent &parent) const;
    bool isFixedTo(const Node &node, const ElementEntry &entry) const;
    bool holdsOnly(const Node &node, std::string_view text) const;
    /// The short ways of a message's own children; false when it is none of them.
    bool shortcut(const Node &node, const ElementEntry &entry, const Parent &parent);
    Sorted sort(const Node &node, const ElementEntry *entry) const;
    /// Where an attribute goes: a field, what is fixed, the dictionary or a map.
    int fieldOf(const xml::Document::Attribute &attribute, const ElementEntry *entry) const;
    int dictionaryIndex(const xml::Document::Attribute &attribute) const;
    void tag(std::string_view ns, std::string_view name, const Parent &parent);
    void value(ValueForm form, Span place);
    /// The value of this attribute, or the character data, is about to be written. A record that takes it for a value
    /// like any other would be wrong when some entry fixes it: with another value another entry would be chosen.
    void noteChoice(const Node &node, std::string_view attribute);
    void noteChoiceByText(const Node &node);
    template <class Fixes>
    bool isFixedBySome(const Node &node, Fixes fixes) const;
    void attributes(const Node &node, const ElementEntry *entry, const Sorted &sorted);
    const xml::Document::Attribute *attribute(const Node &node, std::string_view name) const;
    std::string_view text(Span span) const { return m_document.text(span); }

    std::string &m_out;
    Tables &m_tables;
    ValueWriter m_values;
    const xml::Document &m_document;
    WriteRecord *m_record;
    const Dictionary &m_dictionary = dictionary();
};

} // namespace godwit::compact
