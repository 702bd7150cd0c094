// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads an element frame (rules 12 to 15) into an Assembler.
#pragma once

#include "compact/Assembler.h"
#include "compact/Cbor.h"
#include "compact/ReadShapes.h"
#include "compact/ValueReader.h"

#include <cstdint>
#include <string_view>

namespace godwit::compact
{

class ElementReader
{
public:
    /// A record is told what of the frame are values.
    ElementReader(CborReader &reader, Tables &tables, Exchange &exchange, Assembler &assembler, std::string &scratch,
                  ReadRecord *record = nullptr)
        : m_reader(reader)
        , m_tables(tables)
        , m_values(reader, tables, exchange, scratch)
        , m_assembler(assembler)
        , m_record(record)
    {
    }

    /// A frame whose head, an array of `items`, was read. False when it breaks a rule or a limit.
    bool frame(std::uint64_t items);
    const char *fault() const;
    bool isOverLimit() const { return m_assembler.isOverLimit(); }

private:
    /// An element that is being read.
    struct Self {
        Role role = Role::Ordinary;
        bool hasContent = false; ///< something other than an attribute was read
    };

    bool element(std::uint64_t items);
    bool fields(const ElementEntry &entry, std::uint64_t &items);
    bool openEntry(const ElementEntry &entry);
    bool openNamed(const Head &head);
    bool openStored(std::uint64_t slot);
    bool item(std::uint64_t &items, Self &self);
    bool attributeItem(std::uint64_t index, std::uint64_t &items, const Self &self);
    bool attributeMap(std::uint64_t count, const Self &self);
    bool emptyElement(std::uint64_t index);
    /// `item` is what is left of the message, from the head on.
    bool characters(std::string_view item, const Head &head, const Self &self);
    bool assembleCharacters(std::string_view item, std::string_view text);
    void noteAttribute(FrameValue kind, std::string_view from);
    void noteNoShape();
    /// What was read of `from`, which was left of the message before.
    std::string_view readOf(std::string_view from) const
    {
        return from.substr(0, from.size() - m_reader.rest().size());
    }
    bool originId();
    bool name(std::string_view &text);

    CborReader &m_reader;
    Tables &m_tables;
    ValueReader m_values;
    Assembler &m_assembler;
    ReadRecord *m_record;
    const Dictionary &m_dictionary = dictionary();
    std::string m_key;
};

} // namespace godwit::compact
