// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ReadShapes.h"

#include "compact/Cbor.h"
#include "compact/Hash.h"
#include "xml/PlainText.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::compact
{

namespace
{

/// Takes what is behind the head of one value of rule 10, whether it is a good one or not: what may not stand in a
/// frame at all is refused, and so is null, which is no value.
bool takeValue(CborReader &reader, const Head &head)
{
    switch (head.major) {
    case Major::Unsigned:
    case Major::Negative:
        return true;
    case Major::Bytes:
    case Major::Text:
        reader.take(head.argument);
        return true;
    case Major::Simple:
        return head.argument != simpleNull;
    case Major::Tag: {
        Head tagged;
        bool isTime = head.argument == tagSeconds;
        if (head.argument == tagFraction) {
            isTime = true;
            if (!reader.read(tagged) || !tagged.is(Major::Array, 2) || !reader.read(tagged) ||
                tagged.major != Major::Negative) {
                return false;
            }
        }
        if (head.argument == tagCharacters || !reader.read(tagged) ||
            tagged.major != (isTime ? Major::Unsigned : Major::Bytes)) {
            return false;
        }
        reader.take(isTime ? 0 : tagged.argument);
        return true;
    }
    default:
        return false;
    }
}

bool takeCharacters(CborReader &reader, const Head &head)
{
    if (head.argument == 0 || (head.major != Major::Text && !head.is(Major::Bytes, uuidBytes))) {
        return false;
    }
    reader.take(head.argument);
    return true;
}

/// What ValueReader enters for one new address at most: its domain, without its resource, and with it.
constexpr std::uint32_t enteredMax = 3;

bool takeText(CborReader &reader, std::string &out)
{
    Head head;
    if (!reader.read(head) || head.major != Major::Text || head.argument > ReadShapes::valueBytesMax) {
        return false;
    }
    out += reader.take(head.argument);
    return true;
}

/// A part that may be a reference; one that `entered` strings could have changed is for who enters them.
bool takePart(CborReader &reader, const InternTable &table, std::uint32_t entered, std::string &out)
{
    CborReader ahead(reader.rest());
    Head head;
    if (!ahead.read(head) || head.major != Major::Negative) {
        return takeText(reader, out);
    }
    reader = ahead;
    const std::optional<std::string_view> known = table.atBehind(head.argument, entered);
    out += known.value_or(std::string_view());
    return known.has_value();
}

/// Takes what is behind the head of an address of several parts and puts it together, as ValueReader does, but enters
/// nothing. The characters are checked when it is read.
bool takeJoined(CborReader &reader, std::uint64_t parts, const InternTable &table, std::uint32_t entered,
                std::string &out)
{
    out.clear();
    if (parts == 3) {
        if (!takeText(reader, out)) {
            return false;
        }
        out += '@';
    }
    if (!takePart(reader, table, entered, out)) {
        return false;
    }
    if (parts == 3 && reader.atNull()) {
        reader.take(1);
        return true;
    }
    out += '/';
    return takeText(reader, out);
}

/// Ids, numbers, times and base64 have no characters that XML writes in another way.
bool isPlainForm(Major major)
{
    return major == Major::Bytes || major == Major::Unsigned || major == Major::Simple || major == Major::Tag;
}

std::size_t depthOf(const xml::Document &tree)
{
    std::vector<std::size_t> depths(tree.nodeCount(), 1);
    std::size_t most = 0;
    // A child is always behind its parent.
    for (std::uint32_t i = 0; i < tree.nodeCount(); ++i) {
        if (tree.node(i).kind == xml::Document::Kind::Element) {
            most = std::max(most, depths[i]);
        }
        for (std::uint32_t child = tree.node(i).firstChild; child != 0; child = tree.node(child).nextSibling) {
            depths[child] = depths[i] + 1;
        }
    }
    return most;
}

} // namespace

void ReadRecord::attribute(FrameValue kind, std::string_view value, std::uint32_t index)
{
    note(value, kind, false, index);
}

void ReadRecord::text(std::string_view value, std::uint32_t index)
{
    note(value, FrameValue::Characters, true, index);
}

void ReadRecord::note(std::string_view value, FrameValue kind, bool isText, std::uint32_t index)
{
    // What has more holes is no shape, so the rest of it need not be told.
    m_isGood = m_isGood && m_values.size() < holesMax;
    if (m_isGood) {
        m_values.push_back(Value{value, kind, {isText, index, static_cast<std::uint32_t>(m_values.size())}});
    }
}

void ReadRecord::clear()
{
    m_isGood = true;
    m_values.clear();
    m_copies.clear();
}

/// Few addresses come again and again. Only what is prepared as it is written is kept; `other` stays.
const jid::Jid *ReadShapes::prepare(std::string_view address, const jid::Jid *other)
{
    std::size_t place = shortHash(address) % m_jids.size();
    if (&m_jids[place] == other && other->text() != address) {
        place = (place + 1) % m_jids.size();
    }
    jid::Jid &known = m_jids[place];
    if (known.text() == address && !address.empty()) {
        return &known;
    }
    base::Result<jid::Jid> parsed = jid::Jid::parse(address);
    if (!parsed || parsed->text() != address) {
        return nullptr;
    }
    known = std::move(parsed).value();
    m_plainJids[place] = xml::isPlain(address);
    return &known;
}

bool ReadShapes::takeAddress(CborReader &reader, const Head &head, FrameValue kind, const InternTable &table)
{
    const bool isOfStanza = kind != FrameValue::Address;
    std::string_view address;
    if (head.major == Major::Negative) {
        if (!isOfStanza) {
            return true;
        }
        address = table.atBehind(head.argument, m_found.entered).value_or(std::string_view());
    } else if (head.major == Major::Text && head.argument <= valueBytesMax) {
        address = reader.take(head.argument);
    } else if ((head.is(Major::Array, 2) || head.is(Major::Array, 3)) &&
               takeJoined(reader, head.argument, table, m_found.entered, m_scratch)) {
        address = m_scratch;
    } else {
        return false;
    }
    m_found.entered += head.major == Major::Negative ? 0 : enteredMax;
    if (isOfStanza) {
        const bool isFrom = kind == FrameValue::From;
        const jid::Jid *prepared = prepare(address, isFrom ? m_found.to : m_found.from);
        (isFrom ? m_found.from : m_found.to) = prepared;
        return prepared != nullptr;
    }
    return true;
}

bool ReadShapes::take(std::string_view &rest, FrameValue kind, const InternTable &table, std::size_t index)
{
    CborReader reader(rest);
    Value &value = m_found.values[index];
    if (!reader.read(value.head)) {
        return false;
    }
    const std::string_view behind = reader.rest();
    bool isTaken = false;
    switch (kind) {
    case FrameValue::Address:
    case FrameValue::From:
    case FrameValue::To:
        isTaken = takeAddress(reader, value.head, kind, table);
        break;
    case FrameValue::Characters:
        isTaken = takeCharacters(reader, value.head);
        break;
    default:
        isTaken = takeValue(reader, value.head);
    }
    value.rest = behind.substr(0, behind.size() - reader.rest().size());
    rest = reader.rest();
    return isTaken && value.rest.size() <= valueBytesMax;
}

std::size_t ReadShapes::find(std::string_view frame, const Context &context)
{
    std::size_t size = 0;
    const auto accept = [&](const Plan &plan, std::string_view rest) {
        size = frame.size() - rest.size();
        return plan.depth <= context.limits.depthMax && plan.elements <= context.limits.elementsMax &&
               plan.attributes <= context.limits.attributesMax && plan.language == context.language;
    };
    m_found.entered = 0;
    m_found.from = nullptr;
    m_found.to = nullptr;
    m_found.plan = m_tree.match(
        frame,
        [&](std::string_view &rest, FrameValue kind, std::size_t index) {
            return take(rest, kind, context.tables.addresses, index);
        },
        accept);
    return m_found.plan ? size : 0;
}

/// The text of a value, with all that reading it does to the tables.
bool ReadShapes::readValue(FrameValue kind, const Head &head, ValueReader &values, std::string_view &text) const
{
    switch (kind) {
    case FrameValue::From:
    case FrameValue::To:
        // One that is new is entered.
        if (head.major == Major::Negative) {
            text = (kind == FrameValue::From ? m_found.from : m_found.to)->text();
            return true;
        }
        [[fallthrough]];
    case FrameValue::Address:
        return values.value(Kind::Address, head, text);
    case FrameValue::Id:
        return values.value(Kind::Id, head, text);
    case FrameValue::OfferedString:
        return values.offered(Kind::String, head, text);
    case FrameValue::OfferedId:
        return values.offered(Kind::Id, head, text);
    case FrameValue::String:
    case FrameValue::Characters:
        break;
    }
    return values.value(Kind::String, head, text);
}

bool ReadShapes::isKnownPlain(FrameValue kind) const
{
    if (kind != FrameValue::From && kind != FrameValue::To) {
        return false;
    }
    const jid::Jid *jid = kind == FrameValue::From ? m_found.from : m_found.to;
    return m_plainJids[static_cast<std::size_t>(jid - m_jids.data())];
}

const char *ReadShapes::read(const Context &context, xml::Stanza &stanza)
{
    const Plan &plan = *m_found.plan;
    std::array<std::uint32_t, holesMax> ends;
    std::uint32_t plain = 0;
    m_texts.clear();
    for (std::size_t i = 0; i < plan.kinds.size(); ++i) {
        const Value &value = m_found.values[i];
        const FrameValue kind = plan.kinds[i];
        std::string_view text = value.rest;
        // What is plain needs no other look. A text of these kinds has no effect on tables.
        bool isPlain = value.head.major == Major::Text &&
                       (kind == FrameValue::String || kind == FrameValue::Characters) && xml::isPlain(text);
        if (!isPlain) {
            CborReader reader(value.rest);
            ValueReader values(reader, context.tables, context.exchange, m_scratch);
            if (!readValue(kind, value.head, values, text)) {
                return values.fault();
            }
            isPlain = isPlainForm(value.head.major) || isKnownPlain(kind) || xml::isPlain(text);
        }
        m_texts.append(text);
        ends[i] = static_cast<std::uint32_t>(m_texts.size());
        plain |= (isPlain ? 1u : 0u) << i;
    }
    plan.made.fill(stanza, {m_texts, std::span(ends).first(plan.kinds.size()), plain}, m_scratch);
    if (m_found.from) {
        stanza.from = *m_found.from;
    }
    if (m_found.to) {
        stanza.to = *m_found.to;
    }
    return nullptr;
}

void ReadShapes::learn(std::string_view frame, const ReadRecord &record, const xml::Stanza &stanza,
                       std::size_t bytesBegin, std::string_view language)
{
    if (!record.m_isGood || frame.size() > shapeBytesMax || stanza.bytes.size() > shapeBytesMax) {
        return;
    }
    std::vector<xml::StanzaTemplate::Place> places;
    std::vector<Tree::Hole> holes;
    std::vector<FrameValue> kinds;
    for (const ReadRecord::Value &value : record.m_values) {
        places.push_back(value.place);
        holes.push_back(Tree::Hole{static_cast<std::size_t>(value.written.data() - frame.data()), value.written.size(),
                                   value.kind});
        kinds.push_back(value.kind);
    }
    for (const ReadRecord::Copy &copy : record.m_copies) {
        const auto original = std::ranges::find_if(record.m_values, [&copy](const ReadRecord::Value &value) {
            return !value.place.isText && value.place.index == copy.original;
        });
        if (original == record.m_values.end()) {
            return;
        }
        places.push_back({false, copy.index, original->place.value});
    }
    // One whose values went the other way (a new address) comes here again.
    const auto isSame = [language](const Plan &known) { return known.language == language; };
    std::optional<xml::StanzaTemplate> made;
    if (!m_tree.knows(frame, holes, isSame)) {
        made = xml::StanzaTemplate::make(stanza, bytesBegin, places);
    }
    if (!made) {
        return;
    }
    Plan plan{std::move(*made), std::move(kinds), std::string(language), depthOf(stanza.tree), 0, 0};
    for (std::uint32_t i = 0; i < stanza.tree.nodeCount(); ++i) {
        const xml::Document::Node &node = stanza.tree.node(i);
        plan.elements += node.kind == xml::Document::Kind::Element ? 1 : 0;
        plan.attributes = std::max<std::size_t>(plan.attributes, node.attributeCount);
    }
    m_tree.add(frame, holes, std::move(plan));
}

} // namespace godwit::compact
