// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ElementWriter.h"

#include "compact/Cbor.h"
#include "compact/WriteShapes.h"
#include "xml/NamespaceSet.h"

#include <algorithm>
#include <array>

namespace godwit::compact
{

namespace
{

/// Answers of fieldOf() that are no field.
constexpr int isOther = -1;
constexpr int isWhatIsFixed = -2;

constexpr std::uint32_t absent = 0xffff'ffff;

ValueForm formOf(Kind kind, bool offers = false)
{
    switch (kind) {
    case Kind::Id:
        return offers ? ValueForm::OfferedId : ValueForm::Id;
    case Kind::Address:
        return ValueForm::Address;
    case Kind::String:
        break;
    }
    return offers ? ValueForm::OfferedString : ValueForm::String;
}

} // namespace

/// The attributes of an element by where they go.
struct ElementWriter::Sorted {
    Sorted() { fields.fill(absent); }
    std::array<std::uint32_t, fieldsMax> fields; ///< index of the attribute in the document
    std::size_t fieldsUsed = 0;                  ///< up to the last one that is there
    std::size_t known = 0;                       ///< in the dictionary's list
    std::size_t unknown = 0;
};

bool ElementWriter::frame(std::uint32_t index)
{
    if (m_record) {
        m_record->begin(m_out.size());
    }
    Parent top;
    top.ns = xml::contentNamespace;
    return element(m_document.node(index), top);
}

const xml::Document::Attribute *ElementWriter::attribute(const Node &node, std::string_view name) const
{
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const xml::Document::Attribute &candidate = m_document.attribute(node.firstAttribute + i);
        if (candidate.ns.size == 0 && text(candidate.name) == name) {
            return &candidate;
        }
    }
    return nullptr;
}

bool ElementWriter::holdsOnly(const Node &node, std::string_view wanted) const
{
    if (node.attributeCount > 0 || node.firstChild == 0) {
        return false;
    }
    const Node &child = m_document.node(node.firstChild);
    return child.kind == xml::Document::Kind::Text && child.nextSibling == 0 && text(child.name) == wanted;
}

bool ElementWriter::isFixedTo(const Node &node, const ElementEntry &entry) const
{
    if (!entry.fixedText.empty()) {
        return holdsOnly(node, entry.fixedText);
    }
    const xml::Document::Attribute *fixed = attribute(node, entry.fixed.name);
    return fixed && text(fixed->value) == entry.fixedValue;
}

/// The entry that says most of the element.
const ElementEntry *ElementWriter::choose(const Node &node, const Parent &parent) const
{
    const ElementEntry *plain = nullptr;
    const ElementEntry *entry = m_dictionary.findElement(text(node.ns), text(node.name));
    while (entry) {
        const bool isPlain = entry->fixed.name.empty() && entry->fixedText.empty();
        if (isPlain) {
            plain = entry;
        } else if ((entry->fixedText.empty() || parent.depth > 0) && isFixedTo(node, *entry)) {
            return entry;
        }
        entry = entry->nextSame == 0 ? nullptr : m_dictionary.element(entry->nextSame);
    }
    return plain;
}

bool ElementWriter::shortcut(const Node &node, const ElementEntry &entry, const Parent &parent)
{
    if (entry.role == Role::Body && node.attributeCount == 0) {
        if (node.firstChild == 0) {
            appendText(m_out, {});
            return true;
        }
        const Node &child = m_document.node(node.firstChild);
        if (child.kind == xml::Document::Kind::Text && child.nextSibling == 0) {
            value(ValueForm::Text, child.name);
            return true;
        }
    }
    if (entry.role == Role::OriginId && parent.hasId && node.firstChild == 0 && node.attributeCount == 1) {
        const xml::Document::Attribute *id = attribute(node, "id");
        const bool isSame = id && text(id->value) == text(parent.id);
        if (id && m_record) {
            m_record->comparison(id->value, parent.id, isSame);
        }
        if (isSame) {
            appendHead(m_out, Major::Simple, simpleTrue);
            return true;
        }
    }
    return false;
}

void ElementWriter::value(ValueForm form, Span place)
{
    const std::size_t begin = m_out.size();
    m_values.put(form, text(place));
    if (m_record) {
        m_record->value(form, place, begin, m_out.size());
    }
}

void ElementWriter::noteChoice(const Node &node, std::string_view attribute)
{
    if (m_record &&
        isFixedBySome(node, [attribute](const ElementEntry &entry) { return entry.fixed.name == attribute; })) {
        m_record->giveUp();
    }
}

void ElementWriter::noteChoiceByText(const Node &node)
{
    if (m_record && isFixedBySome(node, [](const ElementEntry &entry) { return !entry.fixedText.empty(); })) {
        m_record->giveUp();
    }
}

template <class Fixes>
bool ElementWriter::isFixedBySome(const Node &node, Fixes fixes) const
{
    const ElementEntry *entry = m_dictionary.findElement(text(node.ns), text(node.name));
    while (entry && !fixes(*entry)) {
        entry = entry->nextSame == 0 ? nullptr : m_dictionary.element(entry->nextSame);
    }
    return entry != nullptr;
}

int ElementWriter::fieldOf(const xml::Document::Attribute &candidate, const ElementEntry *entry) const
{
    if (!entry || candidate.ns.size > 0) {
        return isOther;
    }
    const std::string_view name = text(candidate.name);
    const std::span<const Field> fields = m_dictionary.fields(*entry);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].name == name) {
            return static_cast<int>(i);
        }
    }
    return entry->fixed.name == name ? isWhatIsFixed : isOther;
}

int ElementWriter::dictionaryIndex(const xml::Document::Attribute &candidate) const
{
    if (candidate.ns.size == 0) {
        return m_dictionary.findAttribute(text(candidate.name));
    }
    return text(candidate.name) == "lang" && text(candidate.ns) == xml::xmlNamespace ? languageAttribute : -1;
}

ElementWriter::Sorted ElementWriter::sort(const Node &node, const ElementEntry *entry) const
{
    Sorted sorted;
    for (std::uint32_t i = node.firstAttribute; i < node.firstAttribute + node.attributeCount; ++i) {
        const int field = fieldOf(m_document.attribute(i), entry);
        if (field >= 0) {
            sorted.fields[static_cast<std::size_t>(field)] = i;
            sorted.fieldsUsed = std::max(sorted.fieldsUsed, static_cast<std::size_t>(field) + 1);
        } else if (field == isOther) {
            ++(dictionaryIndex(m_document.attribute(i)) >= 0 ? sorted.known : sorted.unknown);
        }
    }
    return sorted;
}

bool ElementWriter::element(const Node &node, const Parent &parent)
{
    const ElementEntry *entry = choose(node, parent);
    if (entry && parent.isMessage && shortcut(node, *entry, parent)) {
        return true;
    }
    if (entry && !entry->fixedText.empty()) {
        appendHead(m_out, Major::Unsigned, entry->index);
        return true;
    }
    if (parent.depth >= sentDepthMax) {
        return false;
    }
    const Sorted sorted = sort(node, entry);
    std::size_t items = 2 * sorted.known + (sorted.unknown > 0 ? 1 : 0);
    for (std::uint32_t child = node.firstChild; child != 0; child = m_document.node(child).nextSibling) {
        ++items;
    }
    if (entry && items == 0 && sorted.fieldsUsed == 0 && parent.depth > 0) {
        appendHead(m_out, Major::Unsigned, entry->index);
        return true;
    }
    const std::size_t fields = items == 0 || !entry ? sorted.fieldsUsed : entry->fieldCount;
    appendHead(m_out, Major::Array, 1 + fields + items);
    if (entry) {
        appendHead(m_out, Major::Unsigned, entry->index);
        for (std::size_t i = 0; i < fields; ++i) {
            if (sorted.fields[i] == absent) {
                appendNull(m_out);
                continue;
            }
            const Field &field = m_dictionary.fields(*entry)[i];
            const bool offers = parent.depth == 0 && entry->offersId && field.name == "id";
            noteChoice(node, field.name);
            value(formOf(field.kind, offers), m_document.attribute(sorted.fields[i]).value);
        }
    } else {
        tag(text(node.ns), text(node.name), parent);
    }
    if (sorted.known + sorted.unknown > 0) {
        attributes(node, entry, sorted);
    }
    Parent self;
    self.ns = text(node.ns);
    self.depth = parent.depth + 1;
    self.isMessage = entry && entry->role == Role::Message;
    if (self.isMessage) {
        const xml::Document::Attribute *id = attribute(node, "id");
        self.hasId = id != nullptr;
        self.id = id ? id->value : Span{};
    }
    return children(node, self);
}

void ElementWriter::tag(std::string_view ns, std::string_view name, const Parent &parent)
{
    if (m_record) {
        m_record->giveUp(); // the table decides how it is written
    }
    static thread_local std::string key;
    makeNameKey(key, ns, name);
    if (const std::optional<std::uint32_t> slot = m_tables.names.find(key)) {
        appendHead(m_out, Major::Negative, *slot);
        return;
    }
    if (ns == parent.ns) {
        appendText(m_out, name);
    } else {
        appendHead(m_out, Major::Array, 2);
        m_values.string(ns);
        appendText(m_out, name);
    }
    m_tables.names.enter(key);
}

void ElementWriter::attributes(const Node &node, const ElementEntry *entry, const Sorted &sorted)
{
    for (std::uint32_t i = node.firstAttribute; i < node.firstAttribute + node.attributeCount; ++i) {
        const xml::Document::Attribute &candidate = m_document.attribute(i);
        const int index = fieldOf(candidate, entry) == isOther ? dictionaryIndex(candidate) : -1;
        if (index >= 0) {
            appendHead(m_out, Major::Negative, static_cast<std::uint64_t>(index));
            noteChoice(node, text(candidate.name));
            value(formOf(m_dictionary.attribute(static_cast<std::uint64_t>(index))->kind), candidate.value);
        }
    }
    if (sorted.unknown == 0) {
        return;
    }
    appendHead(m_out, Major::Map, sorted.unknown);
    for (std::uint32_t i = node.firstAttribute; i < node.firstAttribute + node.attributeCount; ++i) {
        const xml::Document::Attribute &candidate = m_document.attribute(i);
        if (fieldOf(candidate, entry) != isOther || dictionaryIndex(candidate) >= 0) {
            continue;
        }
        if (candidate.ns.size > 0) {
            appendHead(m_out, Major::Array, 2);
            m_values.string(text(candidate.ns));
        }
        appendText(m_out, text(candidate.name));
        noteChoice(node, text(candidate.name));
        value(ValueForm::String, candidate.value);
    }
}

bool ElementWriter::children(const Node &node, const Parent &self)
{
    std::uint32_t next = node.firstChild;
    while (next != 0) {
        const Node &child = m_document.node(next);
        next = child.nextSibling;
        if (child.kind == xml::Document::Kind::Element) {
            if (!element(child, self)) {
                return false;
            }
            continue;
        }
        noteChoiceByText(node);
        if (self.isMessage) {
            appendHead(m_out, Major::Tag, tagCharacters);
        }
        value(self.isMessage ? ValueForm::String : ValueForm::Characters, child.name);
    }
    return true;
}

} // namespace godwit::compact
