// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes strings as the values of rules 10 and 11, in the shortest form it knows, and keeps the tables in step.
#pragma once

#include "compact/Dictionary.h"
#include "compact/Forms.h"
#include "compact/Offers.h"
#include "compact/Tables.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::compact
{

/// How a value is written where it stands.
enum class ValueForm : std::uint8_t {
    String,
    Id,
    Address,
    OfferedString, ///< in a field whose ids are offered (rule 9)
    OfferedId,
    Characters, ///< character data as an item of an element that is no message
    Text,       ///< a text string, whatever it says
};

class ValueWriter
{
public:
    ValueWriter(std::string &out, Tables &tables, Exchange &exchange)
        : m_out(out)
        , m_tables(tables)
        , m_exchange(exchange)
    {
    }

    /// Who knows that the text is a UUID, or none, spares us the look.
    void put(ValueForm form, std::string_view text) { put(form, text, uuidOf(text)); }
    void put(ValueForm form, std::string_view text, const std::optional<Uuid> &uuid);
    void string(std::string_view text) { string(text, uuidOf(text)); }

private:
    void string(std::string_view text, const std::optional<Uuid> &uuid);
    void characters(std::string_view text, const std::optional<Uuid> &uuid);
    void id(std::string_view text, const std::optional<Uuid> &uuid);
    void address(std::string_view text);
    /// Text, bytes or a tagged form, whatever is shortest.
    void literal(std::string_view text, const std::optional<Uuid> &uuid);
    /// An open offer of the other side, or the bytes.
    void reference(const Uuid &id);
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
