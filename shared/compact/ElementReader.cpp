// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ElementReader.h"

#include "compact/Characters.h"
#include "xml/NamespaceSet.h"

namespace godwit::compact
{

namespace
{

constexpr std::string_view stanzaIdNamespace = "urn:xmpp:sid:0";

Role roleOf(std::string_view ns, std::string_view name)
{
    return name == "message" && ns == xml::contentNamespace ? Role::Message : Role::Ordinary;
}

FrameValue frameValueOf(const Field &field, bool offers, bool isOfStanza)
{
    switch (field.kind) {
    case Kind::String:
        return offers ? FrameValue::OfferedString : FrameValue::String;
    case Kind::Id:
        return offers ? FrameValue::OfferedId : FrameValue::Id;
    case Kind::Address:
        break;
    }
    if (isOfStanza && (field.name == "from" || field.name == "to")) {
        return field.name == "from" ? FrameValue::From : FrameValue::To;
    }
    return FrameValue::Address;
}

} // namespace

const char *ElementReader::fault() const
{
    return m_assembler.fault() ? m_assembler.fault() : m_values.fault();
}

bool ElementReader::frame(std::uint64_t items)
{
    return element(items);
}

bool ElementReader::element(std::uint64_t items)
{
    Head head;
    if (items == 0 || !m_reader.read(head)) {
        return m_values.fail("an empty array");
    }
    --items;
    Self self;
    if (head.major == Major::Unsigned) {
        const ElementEntry *entry = m_dictionary.element(head.argument);
        if (!entry) {
            return m_values.fail("an element that the dictionary does not have");
        }
        if (!entry->fixedText.empty()) {
            return m_values.fail("an array that begins with an element of fixed text");
        }
        self.role = entry->role;
        if (!openEntry(*entry) || !fields(*entry, items)) {
            return false;
        }
    } else if (openNamed(head)) {
        // Rule 17: what it is says the namespace that it is read in.
        self.role = roleOf(m_assembler.ns(), m_assembler.name());
    } else {
        return false;
    }
    while (items > 0) {
        if (!item(items, self)) {
            return false;
        }
    }
    return m_assembler.close();
}

bool ElementReader::openEntry(const ElementEntry &entry)
{
    return m_assembler.open(entry) &&
           (entry.fixed.name.empty() || m_assembler.field(entry.fixed.name, entry.fixedValue));
}

bool ElementReader::fields(const ElementEntry &entry, std::uint64_t &items)
{
    for (const Field &field : m_dictionary.fields(entry)) {
        if (items == 0) {
            return true;
        }
        --items;
        if (m_reader.atNull()) {
            m_reader.take(1);
            continue;
        }
        std::string_view text;
        const std::string_view written = m_reader.rest();
        const bool offers = entry.offersId && m_assembler.depth() == 1 && field.name == "id";
        if (!(offers ? m_values.offered(field.kind, text) : m_values.value(field.kind, text)) ||
            !m_assembler.field(field.name, text)) {
            return false;
        }
        noteAttribute(frameValueOf(field, offers, m_assembler.isStanzaRoot()), written);
    }
    return true;
}

bool ElementReader::name(std::string_view &text)
{
    return m_values.plainText(text) && (isName(text) || m_values.fail("not a name"));
}

bool ElementReader::openNamed(const Head &head)
{
    std::string_view text;
    noteNoShape(); // a table decides what it is, or it is entered
    if (head.major == Major::Negative) {
        return openStored(head.argument);
    }
    if (head.major == Major::Text) {
        if (!m_values.textBody(head, text) || !(isName(text) || m_values.fail("not a name"))) {
            return false;
        }
        const bool isTop = m_assembler.depth() == 0;
        const std::string_view ns = isTop ? xml::contentNamespace : m_assembler.ns();
        makeNameKey(m_key, ns, text);
        m_tables.names.enter(m_key);
        return isTop ? m_assembler.open(text, ns) : m_assembler.openInside(text);
    }
    if (!head.is(Major::Array, 2)) {
        return m_values.fail("not the name of an element");
    }
    if (!m_values.value(Kind::String, text)) {
        return false;
    }
    // The value's bytes are gone when the next one is read.
    m_key.assign(text);
    const std::size_t nsSize = m_key.size();
    if (!name(text)) {
        return false;
    }
    m_key += '\0';
    m_key.append(text);
    m_tables.names.enter(m_key);
    const std::string_view ns = std::string_view(m_key).substr(0, nsSize);
    return m_assembler.open(text, ns);
}

bool ElementReader::openStored(std::uint64_t slot)
{
    const std::optional<std::string_view> stored = m_tables.names.at(slot);
    if (!stored) {
        return m_values.fail("an empty slot of a table");
    }
    const std::size_t end = stored->find('\0');
    const std::string_view ns = stored->substr(0, end);
    const std::string_view text = stored->substr(end + 1);
    return m_assembler.open(text, ns);
}

bool ElementReader::item(std::uint64_t &items, Self &self)
{
    Head head;
    --items;
    const std::string_view written = m_reader.rest();
    if (!m_reader.read(head)) {
        return false;
    }
    if (head.major == Major::Negative) {
        return attributeItem(head.argument, items, self);
    }
    if (head.major == Major::Map) {
        return attributeMap(head.argument, self);
    }
    self.hasContent = true;
    switch (head.major) {
    case Major::Unsigned:
        return emptyElement(head.argument);
    case Major::Array:
        return element(head.argument);
    case Major::Simple:
        if (head.argument == simpleTrue && self.role == Role::Message) {
            return originId();
        }
        if (head.argument >= simpleOffer) {
            return characters(written, head, self);
        }
        return m_values.fail("a simple value among the items of an element");
    default:
        return characters(written, head, self);
    }
}

bool ElementReader::attributeItem(std::uint64_t index, std::uint64_t &items, const Self &self)
{
    const Field *attribute = m_dictionary.attribute(index);
    if (!attribute) {
        return m_values.fail("an attribute that the dictionary does not have");
    }
    if (self.hasContent || items == 0) {
        return m_values.fail("an attribute behind content, or without value");
    }
    --items;
    std::string_view text;
    const std::string_view written = m_reader.rest();
    if (!m_values.value(attribute->kind, text) ||
        !(index == languageAttribute ? m_assembler.attribute("lang", xml::xmlNamespace, text)
                                     : m_assembler.attribute(attribute->name, {}, text))) {
        return false;
    }
    if (m_assembler.isStanzaRoot() && (attribute->name == "from" || attribute->name == "to")) {
        noteNoShape(); // always fields, but when a sender does not know them
    } else {
        noteAttribute(frameValueOf(*attribute, false, false), written);
    }
    return true;
}

bool ElementReader::attributeMap(std::uint64_t count, const Self &self)
{
    noteNoShape();
    if (self.hasContent) {
        return m_values.fail("an attribute behind content");
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        Head head;
        if (!m_reader.read(head)) {
            return false;
        }
        std::string_view text;
        m_key.clear();
        if (head.is(Major::Array, 2)) {
            if (!m_values.value(Kind::String, text)) {
                return false;
            }
            m_key = text;
            if (!name(text)) {
                return false;
            }
        } else if (!m_values.textBody(head, text) || !(isName(text) || m_values.fail("not a name"))) {
            return false;
        }
        std::string_view value;
        const std::string_view attributeName = text;
        if (!m_values.value(Kind::String, value) || !m_assembler.attribute(attributeName, m_key, value)) {
            return false;
        }
    }
    return true;
}

bool ElementReader::emptyElement(std::uint64_t index)
{
    const ElementEntry *entry = m_dictionary.element(index);
    if (!entry) {
        return m_values.fail("an element that the dictionary does not have");
    }
    return openEntry(*entry) && m_assembler.characters(entry->fixedText) && m_assembler.close();
}

bool ElementReader::originId()
{
    const std::optional<std::uint32_t> id = m_assembler.ownAttribute("id");
    if (!id) {
        return m_values.fail("an origin-id like the id of a message that has none");
    }
    m_key.assign(m_assembler.attributeValue(*id));
    if (!m_assembler.open("origin-id", stanzaIdNamespace) || !m_assembler.field("id", m_key)) {
        return false;
    }
    if (m_record) {
        m_record->copy(m_assembler.lastAttribute(), *id);
    }
    return m_assembler.close();
}

bool ElementReader::characters(std::string_view item, const Head &head, const Self &self)
{
    std::string_view text;
    if (head.is(Major::Tag, tagCharacters)) {
        const std::string_view value = m_reader.rest();
        return m_values.value(Kind::String, text) && assembleCharacters(value, text);
    }
    if (!m_values.value(Kind::String, head, text)) {
        return false;
    }
    if (self.role != Role::Message) {
        return assembleCharacters(item, text);
    }
    return m_assembler.open("body", xml::contentNamespace) && assembleCharacters(item, text) && m_assembler.close();
}

bool ElementReader::assembleCharacters(std::string_view item, std::string_view text)
{
    const std::size_t nodes = m_assembler.nodeCount();
    if (!m_assembler.characters(text)) {
        return false;
    }
    if (m_assembler.nodeCount() == nodes) {
        noteNoShape(); // nothing, or joined to the text before
    } else if (m_record) {
        m_record->text(readOf(item), static_cast<std::uint32_t>(nodes));
    }
    return true;
}

/// The value was assembled as the attribute that is the last one now.
void ElementReader::noteAttribute(FrameValue kind, std::string_view from)
{
    if (m_record) {
        m_record->attribute(kind, readOf(from), m_assembler.lastAttribute());
    }
}

void ElementReader::noteNoShape()
{
    if (m_record) {
        m_record->giveUp();
    }
}

} // namespace godwit::compact
