// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ValueReader.h"

#include "compact/Characters.h"
#include "compact/Forms.h"

namespace godwit::compact
{

bool ValueReader::fail(const char *fault)
{
    m_fault = m_fault ? m_fault : fault;
    return false;
}

bool ValueReader::value(Kind kind, std::string_view &text)
{
    Head head;
    return m_reader.read(head) && value(kind, head, text);
}

bool ValueReader::value(Kind kind, const Head &head, std::string_view &text)
{
    if (kind == Kind::Address) {
        return address(head, text);
    }
    if (head.major == Major::Negative) {
        if (kind == Kind::Id) {
            return slotOf(m_tables.ids, head.argument, text);
        }
        const std::string_view *known = dictionary().string(head.argument);
        text = known ? *known : std::string_view();
        return known || fail("a string that the dictionary does not have");
    }
    if (!literal(head, text)) {
        return false;
    }
    if (kind == Kind::Id) {
        m_tables.ids.enter(text);
    }
    return true;
}

bool ValueReader::slotOf(const InternTable &table, std::uint64_t slot, std::string_view &text)
{
    const std::optional<std::string_view> found = table.at(slot);
    text = found.value_or(std::string_view());
    return found || fail("an empty slot of a table");
}

bool ValueReader::plainText(std::string_view &text)
{
    Head head;
    return m_reader.read(head) && textBody(head, text);
}

bool ValueReader::textBody(const Head &head, std::string_view &text)
{
    if (head.major != Major::Text) {
        return fail("not a text string where one must be");
    }
    text = m_reader.take(head.argument);
    return isXmlText(text) || fail("text that XML does not allow");
}

bool ValueReader::literal(const Head &head, std::string_view &text)
{
    switch (head.major) {
    case Major::Text:
        return textBody(head, text);
    case Major::Bytes:
        if (head.argument != uuidBytes) {
            return fail("a byte string that is no UUID");
        }
        m_scratch.clear();
        appendUuid(m_scratch, m_reader.take(head.argument));
        text = m_scratch;
        return true;
    case Major::Unsigned:
        m_scratch.clear();
        appendDecimal(m_scratch, head.argument);
        text = m_scratch;
        return true;
    case Major::Tag:
        return tagged(head.argument, text);
    case Major::Simple:
        return simple(head.argument, text);
    default:
        return fail("not a value");
    }
}

bool ValueReader::simple(std::uint64_t value, std::string_view &text)
{
    if (value == simpleNull) {
        return fail("null where a value must be");
    }
    if (value < simpleOffer) {
        text = value == simpleTrue ? "true" : "false";
        return true;
    }
    Offers &ours = m_exchange.ours;
    const std::optional<std::string_view> id = ours.at(value - simpleOffer);
    if (!id) {
        return fail("an offer that is not open");
    }
    m_scratch.clear();
    appendUuid(m_scratch, *id);
    ours.refer(value - simpleOffer);
    text = m_scratch;
    return true;
}

bool ValueReader::offered(Kind kind, std::string_view &text)
{
    Head head;
    return m_reader.read(head) && offered(kind, head, text);
}

bool ValueReader::offered(Kind kind, const Head &head, std::string_view &text)
{
    if (head.is(Major::Bytes, uuidBytes)) {
        if (m_exchange.theirs.isFull()) {
            return fail("more offers than may be open");
        }
        m_exchange.theirs.offer(m_reader.rest().substr(0, uuidBytes));
    }
    return value(kind, head, text);
}

bool ValueReader::tagged(std::uint64_t tag, std::string_view &text)
{
    if (tag == tagSeconds || tag == tagFraction) {
        return instant(tag, text);
    }
    Head head;
    if (tag == tagCharacters || !m_reader.read(head) || head.major != Major::Bytes) {
        return fail("a tag with something else than its value");
    }
    const std::string_view bytes = m_reader.take(head.argument);
    if (tag == tagUuid && bytes.size() != uuidBytes) {
        return fail("a byte string that is no UUID");
    }
    m_scratch.clear();
    if (tag == tagUuid) {
        appendUuid(m_scratch, bytes);
    } else if (tag == tagHex) {
        appendHex(m_scratch, bytes);
    } else if (tag == tagBase64) {
        appendBase64(m_scratch, bytes);
    } else {
        appendBase64Url(m_scratch, bytes);
    }
    text = m_scratch;
    return true;
}

bool ValueReader::instant(std::uint64_t tag, std::string_view &text)
{
    Instant read;
    Head head;
    if (tag == tagFraction) {
        Head digits;
        if (!m_reader.read(head) || !head.is(Major::Array, 2) || !m_reader.read(digits) ||
            digits.major != Major::Negative || digits.argument >= fractionDigitsMax) {
            return fail("not a time");
        }
        read.digits = static_cast<unsigned>(digits.argument) + 1;
    }
    if (!m_reader.read(head) || head.major != Major::Unsigned) {
        return fail("not a time");
    }
    read.count = head.argument;
    m_scratch.clear();
    if (!appendInstant(m_scratch, read)) {
        return fail("a time beyond the year 9999");
    }
    text = m_scratch;
    return true;
}

bool ValueReader::address(const Head &head, std::string_view &text)
{
    switch (head.major) {
    case Major::Negative:
        return slotOf(m_tables.addresses, head.argument, text);
    case Major::Text:
        if (!textBody(head, text)) {
            return false;
        }
        m_tables.addresses.enter(text);
        return true;
    case Major::Array:
        return (head.argument == 2 || head.argument == 3 || fail("not an address")) &&
               joinedAddress(head.argument, text);
    default:
        return fail("not an address");
    }
}

bool ValueReader::addressPart(std::string_view &text)
{
    Head head;
    if (!m_reader.read(head)) {
        return false;
    }
    if (head.major == Major::Array) {
        return fail("an address inside an address");
    }
    return address(head, text);
}

bool ValueReader::joinedAddress(std::uint64_t parts, std::string_view &text)
{
    std::string_view local;
    std::string_view rest;
    m_scratch.clear();
    if (parts == 3) {
        if (!plainText(local)) {
            return false;
        }
        m_scratch += local;
        m_scratch += '@';
    }
    if (!addressPart(rest)) {
        return false;
    }
    m_scratch += rest;
    const bool hasResource = parts == 2 || !m_reader.atNull();
    if (parts == 3) {
        m_tables.addresses.enter(m_scratch);
    }
    std::string_view resource;
    if (hasResource) {
        if (!plainText(resource)) {
            return false;
        }
        m_scratch += '/';
        m_scratch += resource;
        m_tables.addresses.enter(m_scratch);
    } else {
        m_reader.take(1);
    }
    text = m_scratch;
    return true;
}

} // namespace godwit::compact
