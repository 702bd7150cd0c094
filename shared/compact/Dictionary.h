// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The static dictionary, version 1: what dictionary.txt says, made ready for looking up in both directions. The file is
// part of the specification and the only place where the entries stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::compact
{

/// How a value is written (rules 10 and 11): a string, an id, an address.
enum class Kind : std::uint8_t { String, Id, Address };

struct Field {
    std::string_view name;
    Kind kind = Kind::String;
};

/// Elements that the rules name apart.
enum class Role : std::uint8_t { Ordinary, Message, Body, OriginId };

struct ElementEntry {
    std::string_view ns;
    std::string_view name;
    Field fixed;                 ///< an attribute that is fixed; its name is empty when there is none
    std::string_view fixedValue; ///< of that attribute
    std::string_view fixedText;  ///< the character data that is fixed
    std::string_view startTag;   ///< as XML, without its end: `<name xmlns='ns'`
    std::uint16_t index = 0;
    std::uint16_t firstField = 0;
    std::uint16_t fieldCount = 0;
    std::uint16_t nextSame = 0; ///< the next entry of the same name; 0 for none, as entry 0 is first of its chain
    Role role = Role::Ordinary;
    bool offersId = false; ///< its field `id` offers, in a frame of its own (rule 9)
};

/// One attribute that is not a field. Attribute 0 is xml:lang, the only one with a namespace.
inline constexpr std::uint16_t languageAttribute = 0;
/// The most fields that an entry has; checked when the dictionary is read.
inline constexpr std::size_t fieldsMax = 12;

class Dictionary
{
public:
    /// Reads the text of dictionary.txt. A mistake in it is one of ours and ends the process.
    explicit Dictionary(std::string_view text);
    Dictionary(const Dictionary &) = delete;
    Dictionary &operator=(const Dictionary &) = delete;

    const ElementEntry *element(std::uint64_t index) const
    {
        return index < m_elements.size() ? &m_elements[static_cast<std::size_t>(index)] : nullptr;
    }
    /// The first of the entries of that name; the others follow by nextSame.
    const ElementEntry *findElement(std::string_view ns, std::string_view name) const;
    std::span<const Field> fields(const ElementEntry &entry) const
    {
        return std::span(m_fields).subspan(entry.firstField, entry.fieldCount);
    }

    const Field *attribute(std::uint64_t index) const
    {
        return index < m_attributes.size() ? &m_attributes[static_cast<std::size_t>(index)] : nullptr;
    }
    /// The index of an attribute without namespace; -1 for none.
    int findAttribute(std::string_view name) const;

    const std::string_view *string(std::uint64_t index) const
    {
        return index < m_strings.size() ? &m_strings[static_cast<std::size_t>(index)] : nullptr;
    }
    /// -1 for none.
    int findString(std::string_view text) const;

    std::size_t elementCount() const { return m_elements.size(); }
    std::size_t attributeCount() const { return m_attributes.size(); }
    std::size_t stringCount() const { return m_strings.size(); }

private:
    /// Open addressing; an index plus one, 0 for free.
    using Buckets = std::vector<std::uint16_t>;

    void readElement(std::span<const std::string_view> columns);
    void readAttribute(std::span<const std::string_view> columns);
    void readString(std::span<const std::string_view> columns);
    bool hasField(const ElementEntry &entry, std::string_view name) const;
    void link(ElementEntry &entry);
    void writeStartTags();

    std::vector<ElementEntry> m_elements;
    std::vector<Field> m_fields;
    std::vector<Field> m_attributes;
    std::vector<std::string_view> m_strings;
    Buckets m_elementBuckets;
    Buckets m_attributeBuckets;
    Buckets m_stringBuckets;
    std::size_t m_stringBytesMax = 0;
    std::string m_startTags;
};

/// Version 1, read at the first use; any thread.
const Dictionary &dictionary();
/// dictionary.txt as it was when we were built.
extern const std::string_view dictionaryText;

} // namespace godwit::compact
