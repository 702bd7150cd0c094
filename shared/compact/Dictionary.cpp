// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/Dictionary.h"

#include "base/Assert.h"
#include "compact/Forms.h"
#include "compact/Hash.h"
#include "xml/Document.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

namespace godwit::compact
{

namespace
{

constexpr std::size_t elementBuckets = 4'096;
constexpr std::size_t attributeBuckets = 512;
constexpr std::size_t stringBuckets = 2'048;
constexpr std::size_t columnsMax = 5;
/// Messages and requests: what is answered (rule 9).
constexpr std::array<std::uint16_t, 5> offeringEntries{0, 1, 4, 5, 23};

enum class Section : std::uint8_t { None, Elements, Attributes, Strings };

/// Takes the front of `text` up to `separator`, which goes, too.
std::string_view takeUntil(std::string_view &text, char separator)
{
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

Kind kindOf(std::string_view letter)
{
    GW_ASSERT(letter == "S" || letter == "I" || letter == "J");
    return letter == "S" ? Kind::String : (letter == "I" ? Kind::Id : Kind::Address);
}

void expectIndex(std::string_view column, std::size_t index)
{
    std::size_t said = 0;
    const auto [end, error] = std::from_chars(column.data(), column.data() + column.size(), said);
    GW_ASSERT(error == std::errc() && end == column.data() + column.size() && said == index);
}

Role roleOf(const ElementEntry &entry)
{
    if (entry.ns == "jabber:client" && entry.name == "message") {
        return Role::Message;
    }
    if (entry.ns == "jabber:client" && entry.name == "body") {
        return Role::Body;
    }
    return entry.ns == "urn:xmpp:sid:0" && entry.name == "origin-id" ? Role::OriginId : Role::Ordinary;
}

/// The first and the last bytes of a text, up to eight of them, as a number.
std::uint64_t ends(std::string_view text)
{
    const auto load = [&text](std::size_t at) {
        std::uint32_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        return std::uint64_t{word};
    };
    if (text.size() >= sizeof(std::uint32_t)) {
        return load(0) << 32 | load(text.size() - sizeof(std::uint32_t));
    }
    const auto byte = [&text](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(text[at])}; };
    return text.empty() ? 0 : byte(0) << 16 | byte(text.size() / 2) << 8 | byte(text.size() - 1);
}

/// Namespaces of one family differ in their ends or their sizes, and elements of one namespace in their names.
std::uint32_t elementHash(std::string_view ns, std::string_view name)
{
    constexpr std::uint64_t factor = 0x9e37'79b9'7f4a'7c15;
    std::uint64_t hash = (ends(ns) ^ ns.size()) * factor;
    hash ^= hash >> 32;
    hash = (hash ^ ends(name) ^ name.size() << 24) * factor;
    return static_cast<std::uint32_t>(hash >> 32);
}

template <class Buckets>
void put(Buckets &buckets, std::uint32_t hash, std::size_t index)
{
    std::size_t at = hash % buckets.size();
    while (buckets[at] != 0) {
        at = (at + 1) % buckets.size();
    }
    buckets[at] = static_cast<std::uint16_t>(index + 1);
}

/// The index plus one of what `matches`, or 0.
template <class Buckets, class Matches>
std::uint16_t look(const Buckets &buckets, std::uint32_t hash, Matches matches)
{
    std::size_t at = hash % buckets.size();
    while (buckets[at] != 0 && !matches(buckets[at] - 1u)) {
        at = (at + 1) % buckets.size();
    }
    return buckets[at];
}

} // namespace

Dictionary::Dictionary(std::string_view text)
    : m_elementBuckets(elementBuckets)
    , m_attributeBuckets(attributeBuckets)
    , m_stringBuckets(stringBuckets)
{
    Section section = Section::None;
    while (!text.empty()) {
        std::string_view line = takeUntil(text, '\n');
        if (line.empty() || line.starts_with("# ") || line == "#") {
            continue;
        }
        if (line.starts_with('[')) {
            section = line == "[elements]" ? Section::Elements
                                           : (line == "[attributes]" ? Section::Attributes : Section::Strings);
            continue;
        }
        std::array<std::string_view, columnsMax> columns;
        std::size_t count = 0;
        while (!line.empty()) {
            GW_ASSERT(count < columnsMax);
            columns[count++] = takeUntil(line, '\t');
        }
        const std::span<const std::string_view> said(columns.data(), count);
        GW_ASSERT(section != Section::None);
        if (section == Section::Elements) {
            readElement(said);
        } else if (section == Section::Attributes) {
            readAttribute(said);
        } else {
            readString(said);
        }
    }
    GW_ASSERT(!m_attributes.empty() && m_attributes[languageAttribute].name == "xml:lang");
    writeStartTags();
}

void Dictionary::writeStartTags()
{
    std::vector<std::size_t> ends;
    for (const ElementEntry &entry : m_elements) {
        // Assembler finds name and namespace in it by their sizes.
        GW_ASSERT(entry.ns.find_first_of("&<>'\"") == std::string_view::npos);
        m_startTags += '<';
        m_startTags += entry.name;
        m_startTags += " xmlns='";
        m_startTags += entry.ns;
        m_startTags += '\'';
        ends.push_back(m_startTags.size());
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
        m_elements[i].startTag = std::string_view(m_startTags).substr(begin, ends[i] - begin);
        begin = ends[i];
    }
}

void Dictionary::readElement(std::span<const std::string_view> columns)
{
    GW_ASSERT(columns.size() == columnsMax && m_elements.size() < elementBuckets / 2);
    expectIndex(columns[0], m_elements.size());
    ElementEntry entry;
    entry.index = static_cast<std::uint16_t>(m_elements.size());
    entry.ns = columns[1];
    entry.name = columns[2];
    entry.role = roleOf(entry);
    entry.offersId = std::ranges::find(offeringEntries, entry.index) != offeringEntries.end();
    std::string_view fixed = columns[3];
    if (fixed.starts_with('"')) {
        entry.fixedText = fixed.substr(1, fixed.size() - 2);
    } else if (fixed != "-") {
        entry.fixed.name = takeUntil(fixed, '=');
        entry.fixedValue = fixed;
    }
    entry.firstField = static_cast<std::uint16_t>(m_fields.size());
    std::string_view fields = columns[4] == "-" ? std::string_view() : columns[4];
    while (!fields.empty()) {
        std::string_view field = takeUntil(fields, ' ');
        const std::string_view name = takeUntil(field, ':');
        GW_ASSERT(name != "xmlns" && name != entry.fixed.name && !hasField(entry, name));
        m_fields.push_back(Field{name, kindOf(field)});
        ++entry.fieldCount;
    }
    GW_ASSERT(entry.fieldCount <= fieldsMax && (entry.fixedText.empty() || entry.fieldCount == 0));
    link(entry);
    m_elements.push_back(entry);
}

bool Dictionary::hasField(const ElementEntry &entry, std::string_view name) const
{
    return std::ranges::any_of(fields(entry), [name](const Field &field) { return field.name == name; });
}

void Dictionary::link(ElementEntry &entry)
{
    if (const ElementEntry *first = findElement(entry.ns, entry.name)) {
        ElementEntry *last = &m_elements[first->index];
        while (last->nextSame != 0) {
            last = &m_elements[last->nextSame];
        }
        last->nextSame = entry.index;
        return;
    }
    put(m_elementBuckets, elementHash(entry.ns, entry.name), entry.index);
}

void Dictionary::readAttribute(std::span<const std::string_view> columns)
{
    GW_ASSERT(columns.size() == 3 && m_attributes.size() < attributeBuckets / 2);
    expectIndex(columns[0], m_attributes.size());
    if (!m_attributes.empty()) {
        put(m_attributeBuckets, shortHash(columns[1]), m_attributes.size());
    }
    m_attributes.push_back(Field{columns[1], kindOf(columns[2])});
}

void Dictionary::readString(std::span<const std::string_view> columns)
{
    // ValueWriter does not look for UUIDs here.
    GW_ASSERT(columns.size() == 2 && m_strings.size() < stringBuckets / 2 && !uuidOf(columns[1]));
    expectIndex(columns[0], m_strings.size());
    put(m_stringBuckets, shortHash(columns[1]), m_strings.size());
    m_strings.push_back(columns[1]);
    m_stringBytesMax = std::max(m_stringBytesMax, columns[1].size());
}

const ElementEntry *Dictionary::findElement(std::string_view ns, std::string_view name) const
{
    const std::uint16_t found = look(m_elementBuckets, elementHash(ns, name), [&](std::size_t index) {
        return m_elements[index].name == name && m_elements[index].ns == ns;
    });
    return found == 0 ? nullptr : &m_elements[found - 1u];
}

int Dictionary::findAttribute(std::string_view name) const
{
    return look(m_attributeBuckets, shortHash(name),
                [&](std::size_t index) { return m_attributes[index].name == name; }) -
           1;
}

int Dictionary::findString(std::string_view text) const
{
    if (text.size() > m_stringBytesMax) {
        return -1;
    }
    return look(m_stringBuckets, shortHash(text), [&](std::size_t index) { return m_strings[index] == text; }) - 1;
}

const Dictionary &dictionary()
{
    static const Dictionary version1(dictionaryText);
    return version1;
}

} // namespace godwit::compact
