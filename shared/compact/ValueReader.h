// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reads values (rules 10 and 11) and keeps the tables in step.
#pragma once

#include "compact/Cbor.h"
#include "compact/Dictionary.h"
#include "compact/Offers.h"
#include "compact/Tables.h"

#include <string>
#include <string_view>

namespace godwit::compact
{

class ValueReader
{
public:
    ValueReader(CborReader &reader, Tables &tables, Exchange &exchange, std::string &scratch)
        : m_reader(reader)
        , m_tables(tables)
        , m_exchange(exchange)
        , m_scratch(scratch)
    {
    }

    // Each is false, with fault() set, when the item is no such value. What is read is valid until the next call.
    bool value(Kind kind, std::string_view &text);
    /// The rest of a value whose head was read already.
    bool value(Kind kind, const Head &head, std::string_view &text);
    /// The value of a field whose ids are offered (rule 9).
    bool offered(Kind kind, std::string_view &text);
    bool offered(Kind kind, const Head &head, std::string_view &text);
    /// A text string and nothing else, head included.
    bool plainText(std::string_view &text);
    /// The body of a text string: checked for XML's characters.
    bool textBody(const Head &head, std::string_view &text);
    bool fail(const char *fault);
    const char *fault() const { return m_fault ? m_fault : m_reader.fault(); }

private:
    bool address(const Head &head, std::string_view &text);
    bool joinedAddress(std::uint64_t parts, std::string_view &text);
    /// A part of an address: text, which is entered, or a reference.
    bool addressPart(std::string_view &text);
    bool literal(const Head &head, std::string_view &text);
    bool simple(std::uint64_t value, std::string_view &text);
    bool tagged(std::uint64_t tag, std::string_view &text);
    bool instant(std::uint64_t tag, std::string_view &text);
    bool slotOf(const InternTable &table, std::uint64_t slot, std::string_view &text);

    CborReader &m_reader;
    Tables &m_tables;
    Exchange &m_exchange;
    std::string &m_scratch;
    const char *m_fault = nullptr;
};

} // namespace godwit::compact
