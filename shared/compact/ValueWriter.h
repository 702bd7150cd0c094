// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes strings as the values of rules 10 and 11, in the shortest form it knows, and keeps the tables in step.
#pragma once

#include "compact/Dictionary.h"
#include "compact/Offers.h"
#include "compact/Tables.h"

#include <string>
#include <string_view>

namespace godwit::compact
{

class ValueWriter
{
public:
    ValueWriter(std::string &out, Tables &tables, Exchange &exchange)
        : m_out(out)
        , m_tables(tables)
        , m_exchange(exchange)
    {
    }

    void value(Kind kind, std::string_view text);
    /// The same in a field whose ids are offered (rule 9).
    void offered(Kind kind, std::string_view text);
    void string(std::string_view text);
    /// Character data as an item of an element that is no message.
    void characters(std::string_view text);

private:
    void id(std::string_view text);
    void address(std::string_view text);
    /// Text, bytes or a tagged form, whatever is shortest.
    void literal(std::string_view text);
    void uuid(const std::array<char, uuidBytes> &id);
    /// One of the forms that need a tag of their own among items; false for none.
    bool word(std::string_view text);
    void reference(std::uint32_t slot);
    void enterJoined(std::string_view head, char separator, std::string_view tail);

    std::string &m_out;
    Tables &m_tables;
    Exchange &m_exchange;
    bool m_offers = false; ///< what is written now is offered
};

} // namespace godwit::compact
