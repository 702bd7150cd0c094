// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/StanzaTemplate.h"

#include "base/Assert.h"
#include "xml/StanzaTypes.h"
#include "xml/XmlWriter.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace godwit::xml
{

namespace
{

constexpr std::size_t holesMax = 64;
constexpr std::size_t valuesMax = 32;

} // namespace

std::optional<StanzaTemplate> StanzaTemplate::make(const Stanza &stanza, std::size_t bytesBegin,
                                                   std::span<const Place> places)
{
    const Document &tree = stanza.tree;
    const auto spanOf = [&tree](const Place &place) {
        return place.isText ? tree.node(place.index).name : tree.attribute(place.index).value;
    };
    std::vector<Place> sorted(places.begin(), places.end());
    std::ranges::sort(sorted, {}, [&](const Place &place) { return spanOf(place).begin; });
    const bool areFew = sorted.size() <= holesMax &&
                        std::ranges::all_of(sorted, [](const Place &place) { return place.value < valuesMax; });
    if (!areFew || tree.m_text.compare(bytesBegin, stanza.bytes.size(), stanza.bytes) != 0) {
        return std::nullopt;
    }
    StanzaTemplate made;
    std::vector<Span> spans;
    std::size_t end = bytesBegin;
    for (const Place &place : sorted) {
        const Span span = spanOf(place);
        // An empty value's span need not say where it is.
        if (span.size == 0 || span.begin < end ||
            std::size_t{span.begin} + span.size > bytesBegin + stanza.bytes.size()) {
            return std::nullopt;
        }
        made.m_holes.push_back(Hole{static_cast<std::uint32_t>(span.begin - end), place});
        end = std::size_t{span.begin} + span.size;
        spans.push_back(span);
    }
    made.cut(stanza, bytesBegin, spans);
    made.noteHead(stanza);
    return made;
}

/// Takes what is in the holes out of text and bytes, and moves along what lies behind.
void StanzaTemplate::cut(const Stanza &stanza, std::size_t bytesBegin, std::vector<Span> holes)
{
    const auto takeOut = [&holes](std::string_view text, std::size_t shift) {
        std::string rest;
        std::size_t from = 0;
        for (const Span &hole : holes) {
            const std::size_t begin = hole.begin - shift;
            rest += text.substr(from, begin - from);
            from = begin + hole.size;
        }
        rest += text.substr(from);
        return rest;
    };
    const auto holesBefore = [&holes](std::size_t at) {
        // One at this very place is behind it: names and tags have something in front of a value.
        return std::ranges::lower_bound(holes, at, {}, &Span::begin) - holes.begin();
    };
    const auto moved = [&](std::size_t at) {
        std::size_t sum = 0;
        for (std::ptrdiff_t i = holesBefore(at); i-- > 0;) {
            sum += holes[static_cast<std::size_t>(i)].size;
        }
        return static_cast<std::uint32_t>(at - sum);
    };
    m_bytes = takeOut(stanza.bytes, bytesBegin);
    m_tree = stanza.tree;
    m_tree.m_text = takeOut(stanza.tree.m_text, 0);
    for (Document::Attribute &attribute : m_tree.m_attributes) {
        for (Span *span : {&attribute.name, &attribute.ns, &attribute.prefix, &attribute.value}) {
            span->begin = moved(span->begin);
        }
    }
    for (Document::Node &node : m_tree.m_nodes) {
        for (Span *span : {&node.name, &node.ns, &node.prefix}) {
            span->begin = moved(span->begin);
        }
        if (node.kind == Document::Kind::Text) {
            m_before.emplace_back();
            continue;
        }
        m_before.push_back(HolesBefore{static_cast<std::uint16_t>(holesBefore(node.rawBegin + bytesBegin)),
                                       static_cast<std::uint16_t>(holesBefore(node.rawEnd + bytesBegin))});
        node.rawBegin = static_cast<std::uint32_t>(moved(node.rawBegin + bytesBegin) - bytesBegin);
        node.rawEnd = static_cast<std::uint32_t>(moved(node.rawEnd + bytesBegin) - bytesBegin);
    }
}

void StanzaTemplate::noteHead(const Stanza &stanza)
{
    m_kind = stanza.kind;
    m_type = stanza.type;
    m_id = stanza.id;
    for (const Hole &hole : m_holes) {
        const Document::Node &root = stanza.tree.node(0);
        if (hole.place.isText || hole.place.index >= root.attributeCount) {
            continue;
        }
        const Document::Attribute &attribute = stanza.tree.attribute(hole.place.index);
        const std::string_view name = attribute.ns.size == 0 ? stanza.tree.text(attribute.name) : std::string_view();
        if (name == "id") {
            m_idValue = hole.place.value;
            m_id.clear();
        } else if (name == "type") {
            m_typeValue = hole.place.value;
        }
    }
}

void StanzaTemplate::fill(Stanza &stanza, const Values &values, std::string &scratch) const
{
    stanza.kind = m_kind;
    stanza.type = m_typeValue ? readType(m_kind, values[*m_typeValue]) : m_type;
    stanza.id = m_idValue ? values[*m_idValue] : std::string_view(m_id);
    const std::size_t filled = fillTree(stanza.tree, values);
    const std::uint32_t all = values.ends.size() < valuesMax ? (1u << values.ends.size()) - 1 : ~0u;
    if (values.plain == all) {
        fillPlain(stanza, values, m_bytes.size() + filled);
    } else {
        fillEscaped(stanza, values, scratch);
    }
}

/// Gives how many bytes are in the holes, as the tree has them.
std::size_t StanzaTemplate::fillTree(Document &tree, const Values &values) const
{
    tree.m_nodes = m_tree.m_nodes;
    tree.m_attributes.reserve(m_tree.m_attributes.size() + 1);
    tree.m_attributes = m_tree.m_attributes;
    tree.m_text.reserve(m_tree.m_text.size() + values.texts.size() + stampRoom);
    tree.m_text = m_tree.m_text;
    const auto begin = static_cast<std::uint32_t>(tree.m_text.size());
    std::size_t filled = 0;
    tree.m_text.append(values.texts);
    for (const Hole &hole : m_holes) {
        Span &span =
            hole.place.isText ? tree.m_nodes[hole.place.index].name : tree.m_attributes[hole.place.index].value;
        const std::uint32_t from = values.begin(hole.place.value);
        span = Span{begin + from, values.ends[hole.place.value] - from};
        filled += span.size;
    }
    return filled;
}

/// No value needs escapes, so the size of it all is known.
void StanzaTemplate::fillPlain(Stanza &stanza, const Values &values, std::size_t size) const
{
    std::array<std::uint32_t, holesMax + 1> shifts; // by what is in so many holes
    stanza.bytes.reserve(size + 2 * stampRoom);
    stanza.bytes.resize(size);
    char *to = stanza.bytes.data();
    const char *literal = m_bytes.data();
    std::uint32_t shift = 0;
    std::size_t holes = 0;
    for (const Hole &hole : m_holes) {
        shifts[holes++] = shift;
        const std::uint32_t from = values.begin(hole.place.value);
        const std::uint32_t filled = values.ends[hole.place.value] - from;
        std::memcpy(to, literal, hole.literal);
        to += hole.literal;
        literal += hole.literal;
        std::memcpy(to, values.texts.data() + from, filled);
        to += filled;
        shift += filled;
    }
    shifts[holes] = shift;
    std::memcpy(to, literal, static_cast<std::size_t>(m_bytes.data() + m_bytes.size() - literal));
    moveNodes(stanza.tree, shifts);
}

void StanzaTemplate::fillEscaped(Stanza &stanza, const Values &values, std::string &scratch) const
{
    std::array<std::uint32_t, holesMax + 1> shifts;
    std::string_view literals = m_bytes;
    std::uint32_t shift = 0;
    std::size_t holes = 0;
    scratch.clear();
    for (const Hole &hole : m_holes) {
        shifts[holes++] = shift;
        const std::string_view value = values[hole.place.value];
        const std::size_t begin = scratch.size() + hole.literal;
        scratch.append(literals.substr(0, hole.literal));
        literals.remove_prefix(hole.literal);
        if (values.isPlain(hole.place.value)) {
            scratch.append(value);
        } else if (hole.place.isText) {
            appendEscapedText(scratch, value);
        } else {
            appendEscapedAttribute(scratch, value);
        }
        shift += static_cast<std::uint32_t>(scratch.size() - begin);
    }
    shifts[holes] = shift;
    scratch.append(literals);
    stanza.bytes.reserve(scratch.size() + 2 * stampRoom);
    stanza.bytes = scratch;
    moveNodes(stanza.tree, shifts);
}

void StanzaTemplate::moveNodes(Document &tree, std::span<const std::uint32_t> shifts) const
{
    for (std::size_t i = 0; i < m_before.size(); ++i) {
        Document::Node &node = tree.m_nodes[i];
        node.rawBegin += shifts[m_before[i].begin];
        node.rawEnd += shifts[m_before[i].end];
    }
}

} // namespace godwit::xml
