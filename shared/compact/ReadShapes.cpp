// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "compact/ReadShapes.h"

#include "compact/Cbor.h"
#include "compact/Hash.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace godwit::compact
{

namespace
{

/// Takes one value of rule 10 from the front, whether it is a good one or not: what may not stand in a frame at all is
/// refused, and so is null, which is no value.
bool takeValue(CborReader &reader)
{
    Head head;
    if (!reader.read(head)) {
        return false;
    }
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
        const bool isSeconds = head.argument == tagSeconds;
        if (head.argument == tagFraction || head.argument == tagCharacters || !reader.read(head) ||
            head.major != (isSeconds ? Major::Unsigned : Major::Bytes)) {
            return false;
        }
        reader.take(isSeconds ? 0 : head.argument);
        return true;
    }
    default:
        return false;
    }
}

/// The text that a reference to an address stands for, taken from the front.
std::optional<std::string_view> takeReference(CborReader &reader, const Tables &tables)
{
    Head head;
    const bool isReference = reader.read(head) && head.major == Major::Negative;
    return isReference ? tables.addresses.at(head.argument) : std::nullopt;
}

/// Ids, numbers, times and base64 have no characters that XML writes in another way.
bool isPlainForm(std::string_view value)
{
    const auto major = static_cast<Major>(static_cast<unsigned char>(value.front()) >> 5);
    return major == Major::Bytes || major == Major::Unsigned || major == Major::Simple || major == Major::Tag;
}

bool takeCharacters(CborReader &reader)
{
    Head head;
    if (!reader.read(head) || head.argument == 0 || (head.major != Major::Text && !head.is(Major::Bytes, uuidBytes))) {
        return false;
    }
    reader.take(head.argument);
    return true;
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
    m_values.push_back(Value{value, kind, {false, index, static_cast<std::uint32_t>(m_values.size())}});
}

void ReadRecord::text(std::string_view value, std::uint32_t index)
{
    m_values.push_back(
        Value{value, FrameValue::Characters, {true, index, static_cast<std::uint32_t>(m_values.size())}});
}

void ReadRecord::clear()
{
    m_isGood = true;
    m_values.clear();
    m_copies.clear();
}

/// Few addresses come again and again. Only what is prepared as it is written is kept.
const jid::Jid *ReadShapes::prepare(std::string_view address)
{
    jid::Jid &known = m_jids[shortHash(address) % m_jids.size()];
    if (known.text() == address && !address.empty()) {
        return &known;
    }
    base::Result<jid::Jid> parsed = jid::Jid::parse(address);
    if (!parsed || parsed->text() != address) {
        return nullptr;
    }
    known = std::move(parsed).value();
    return &known;
}

bool ReadShapes::take(std::string_view &rest, FrameValue kind, const Tables &tables, Found &found, std::size_t index)
{
    CborReader reader(rest);
    if (kind == FrameValue::Address || kind == FrameValue::From || kind == FrameValue::To) {
        const std::optional<std::string_view> address = takeReference(reader, tables);
        if (!address) {
            return false;
        }
        if (kind != FrameValue::Address) {
            const jid::Jid *prepared = prepare(*address);
            if (!prepared) {
                return false;
            }
            (kind == FrameValue::From ? found.from : found.to) = *prepared;
        }
    } else if (kind == FrameValue::Characters ? !takeCharacters(reader) : !takeValue(reader)) {
        return false;
    }
    found.values[index] = rest.substr(0, rest.size() - reader.rest().size());
    rest = reader.rest();
    return found.values[index].size() <= valueBytesMax;
}

bool ReadShapes::find(std::string_view frame, const Context &context, Found &found)
{
    const auto accept = [&](const Plan &plan, std::string_view rest) {
        found.frameBytes = frame.size() - rest.size();
        return plan.depth <= context.limits.depthMax && plan.elements <= context.limits.elementsMax &&
               plan.attributes <= context.limits.attributesMax && plan.language == context.language;
    };
    found.plan = m_tree.match(
        frame,
        [&](std::string_view &rest, FrameValue kind, std::size_t index) {
            return take(rest, kind, context.tables, found, index);
        },
        accept);
    return found.plan != nullptr;
}

const char *ReadShapes::read(Found &found, const Context &context, xml::Stanza &stanza)
{
    const Plan &plan = *found.plan;
    std::array<std::uint32_t, holesMax> ends;
    std::uint32_t plain = 0;
    m_texts.clear();
    for (std::size_t i = 0; i < plan.kinds.size(); ++i) {
        CborReader reader(found.values[i]);
        ValueReader values(reader, context.tables, context.exchange, m_scratch);
        std::string_view text;
        bool isGood = true;
        switch (plan.kinds[i]) {
        case FrameValue::From:
            text = found.from.text();
            break;
        case FrameValue::To:
            text = found.to.text();
            break;
        case FrameValue::Address:
            isGood = values.value(Kind::Address, text);
            break;
        case FrameValue::Id:
            isGood = values.value(Kind::Id, text);
            break;
        case FrameValue::OfferedString:
            isGood = values.offered(Kind::String, text);
            break;
        case FrameValue::OfferedId:
            isGood = values.offered(Kind::Id, text);
            break;
        case FrameValue::String:
        case FrameValue::Characters:
            isGood = values.value(Kind::String, text);
            break;
        }
        if (!isGood) {
            return values.fault();
        }
        m_texts.append(text);
        ends[i] = static_cast<std::uint32_t>(m_texts.size());
        plain |= (isPlainForm(found.values[i]) ? 1u : 0u) << i;
    }
    plan.made.fill(stanza, {m_texts, std::span(ends).first(plan.kinds.size()), plain}, m_scratch);
    stanza.from = std::move(found.from);
    stanza.to = std::move(found.to);
    return nullptr;
}

void ReadShapes::learn(std::string_view frame, const ReadRecord &record, const xml::Stanza &stanza,
                       std::size_t bytesBegin, std::string_view language)
{
    if (!record.m_isGood || record.m_values.size() > holesMax || frame.size() > shapeBytesMax ||
        stanza.bytes.size() > shapeBytesMax) {
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
