// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ValueWriter.h"

#include "compact/Cbor.h"
#include "compact/Forms.h"

namespace godwit::compact
{

namespace
{

/// A tagged word saves nothing over text this short.
constexpr std::size_t taggedWordMin = 4;

} // namespace

void ValueWriter::reference(std::uint32_t slot)
{
    appendHead(m_out, Major::Negative, slot);
}

void ValueWriter::put(ValueForm form, std::string_view text, const std::optional<Uuid> &uuid)
{
    switch (form) {
    case ValueForm::String:
        string(text, uuid);
        break;
    case ValueForm::Id:
        id(text, uuid);
        break;
    case ValueForm::Address:
        address(text);
        break;
    case ValueForm::OfferedString:
        m_offers = true;
        string(text, uuid);
        m_offers = false;
        break;
    case ValueForm::OfferedId:
        m_offers = true;
        id(text, uuid);
        m_offers = false;
        break;
    case ValueForm::Characters:
        characters(text, uuid);
        break;
    case ValueForm::Text:
        appendText(m_out, text);
        break;
    }
}

bool ValueWriter::word(std::string_view text)
{
    if (const int index = dictionary().findString(text); index >= 0) {
        reference(static_cast<std::uint32_t>(index));
        return true;
    }
    if (const std::optional<std::uint64_t> number = decimalOf(text)) {
        appendHead(m_out, Major::Unsigned, *number);
        return true;
    }
    if (text == "true" || text == "false") {
        appendHead(m_out, Major::Simple, text == "true" ? simpleTrue : simpleFalse);
        return true;
    }
    return false;
}

void ValueWriter::reference(const Uuid &id)
{
    const std::string_view bytes(id.data(), id.size());
    if (const std::optional<std::uint32_t> slot = m_exchange.theirs.find(bytes)) {
        m_exchange.theirs.refer(*slot);
        appendHead(m_out, Major::Simple, simpleOffer + *slot);
        return;
    }
    if (m_offers && m_exchange.ours.isFull()) {
        appendHead(m_out, Major::Tag, tagUuid);
    } else if (m_offers) {
        m_exchange.ours.offer(bytes);
    }
    appendHead(m_out, Major::Bytes, uuidBytes);
    m_out.append(bytes);
}

void ValueWriter::literal(std::string_view text, const std::optional<Uuid> &uuid)
{
    if (uuid) {
        reference(*uuid);
    } else if (!appendForm(m_out, text)) {
        appendText(m_out, text);
    }
}

void ValueWriter::string(std::string_view text, const std::optional<Uuid> &uuid)
{
    // No string of the dictionary is a UUID, and no number.
    if (uuid || !word(text)) {
        literal(text, uuid);
    }
}

void ValueWriter::characters(std::string_view text, const std::optional<Uuid> &uuid)
{
    if (text.size() < taggedWordMin) {
        appendText(m_out, text);
        return;
    }
    const std::size_t begin = m_out.size();
    appendHead(m_out, Major::Tag, tagCharacters);
    if (!word(text)) {
        m_out.resize(begin);
        literal(text, uuid);
    }
}

void ValueWriter::id(std::string_view text, const std::optional<Uuid> &uuid)
{
    const std::uint32_t hash = m_tables.ids.hashOf(text);
    if (const std::optional<std::uint32_t> slot = m_tables.ids.find(text, hash)) {
        reference(*slot);
        return;
    }
    if (const auto number = uuid ? std::nullopt : decimalOf(text)) {
        appendHead(m_out, Major::Unsigned, *number);
    } else {
        literal(text, uuid);
    }
    m_tables.ids.enter(text, hash);
}

void ValueWriter::enterJoined(std::string_view head, char separator, std::string_view tail)
{
    // What does not fit is not entered, so the buffer holds all that can be.
    char joined[addressBytesMax];
    const std::size_t size = head.size() + 1 + tail.size();
    if (size > sizeof joined) {
        return;
    }
    head.copy(joined, head.size());
    joined[head.size()] = separator;
    tail.copy(joined + head.size() + 1, tail.size());
    m_tables.addresses.enter(std::string_view(joined, size));
}

void ValueWriter::address(std::string_view text)
{
    InternTable &table = m_tables.addresses;
    if (const std::optional<std::uint32_t> slot = table.find(text)) {
        reference(*slot);
        return;
    }
    const std::size_t slash = text.find('/');
    const bool hasResource = slash != std::string_view::npos;
    const std::string_view bare = text.substr(0, slash);
    const std::string_view resource = hasResource ? text.substr(slash + 1) : std::string_view();
    const std::size_t at = bare.find('@');
    const std::optional<std::uint32_t> bareSlot = hasResource ? table.find(bare) : std::nullopt;
    if (bareSlot) {
        appendHead(m_out, Major::Array, 2);
        reference(*bareSlot);
        appendText(m_out, resource);
        enterJoined(bare, '/', resource);
        return;
    }
    if (at == std::string_view::npos) {
        if (hasResource) {
            appendHead(m_out, Major::Array, 2);
        }
        appendText(m_out, bare);
        table.enter(bare);
        if (hasResource) {
            appendText(m_out, resource);
            enterJoined(bare, '/', resource);
        }
        return;
    }
    const std::string_view domain = bare.substr(at + 1);
    appendHead(m_out, Major::Array, 3);
    appendText(m_out, bare.substr(0, at));
    if (const std::optional<std::uint32_t> slot = table.find(domain)) {
        reference(*slot);
    } else {
        appendText(m_out, domain);
        table.enter(domain);
    }
    table.enter(bare);
    if (hasResource) {
        appendText(m_out, resource);
        enterJoined(bare, '/', resource);
    } else {
        appendNull(m_out);
    }
}

} // namespace godwit::compact
