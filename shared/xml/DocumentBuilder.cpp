// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/DocumentBuilder.h"

namespace godwit::xml
{

void DocumentBuilder::clear()
{
    m_document.clear();
    m_behind.clear();
    m_open.clear();
}

DocumentBuilder::Span DocumentBuilder::store(std::string_view text)
{
    const Span span{static_cast<std::uint32_t>(m_document.m_text.size()), static_cast<std::uint32_t>(text.size())};
    m_document.m_text.append(text);
    return span;
}

DocumentBuilder::Span DocumentBuilder::storeBehind(std::string_view text)
{
    const auto begin = static_cast<std::uint32_t>(m_behind.size());
    m_behind.append(text);
    return Span{begin | isBehind, static_cast<std::uint32_t>(text.size())};
}

void DocumentBuilder::finish()
{
    if (m_behind.empty()) {
        return;
    }
    const auto begin = static_cast<std::uint32_t>(m_document.m_text.size());
    m_document.m_text.append(m_behind);
    m_behind.clear();
    const auto move = [begin](Span &span) {
        span.begin = (span.begin & isBehind) != 0 ? begin + (span.begin & ~isBehind) : span.begin;
    };
    for (Document::Node &node : m_document.m_nodes) {
        move(node.name);
        move(node.ns);
        move(node.prefix);
    }
    for (Document::Attribute &attribute : m_document.m_attributes) {
        move(attribute.name);
        move(attribute.ns);
        move(attribute.prefix);
        move(attribute.value);
    }
}

Document::Node &DocumentBuilder::append(Document::Kind kind, Span name)
{
    const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
    GW_ASSERT(!m_open.empty() || index == 0);
    Document::Node &node = m_document.m_nodes.emplace_back();
    node.kind = kind;
    node.name = name;
    if (!m_open.empty()) {
        Open &parent = m_open.back();
        if (parent.lastChild == 0) {
            m_document.m_nodes[parent.index].firstChild = index;
        } else {
            m_document.m_nodes[parent.lastChild].nextSibling = index;
        }
        parent.lastChild = index;
    }
    return node;
}

void DocumentBuilder::open(Span name, Span ns, Span prefix, std::uint32_t rawBegin)
{
    const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
    Document::Node &node = append(Document::Kind::Element, name);
    node.ns = ns;
    node.prefix = prefix;
    node.firstAttribute = static_cast<std::uint32_t>(m_document.m_attributes.size());
    node.rawBegin = rawBegin;
    node.rawEnd = rawBegin;
    m_open.push_back(Open{index, 0});
}

/// The text node that the next character data would follow directly; none when something else is before it.
DocumentBuilder::Span *DocumentBuilder::textBefore()
{
    GW_ASSERT(!m_open.empty());
    const std::uint32_t last = m_open.back().lastChild;
    if (last == 0 || m_document.m_nodes[last].kind != Document::Kind::Text) {
        return nullptr;
    }
    return &m_document.m_nodes[last].name;
}

void DocumentBuilder::characters(std::string_view data)
{
    if (data.empty()) {
        return;
    }
    Span *before = textBefore();
    if (before && before->begin + before->size == m_document.m_text.size()) {
        m_document.m_text.append(data);
        before->size += static_cast<std::uint32_t>(data.size());
        return;
    }
    append(Document::Kind::Text, store(data));
}

void DocumentBuilder::characters(Span data)
{
    Span *before = textBefore();
    if (!before) {
        append(Document::Kind::Text, data);
    } else if (before->begin + before->size == data.begin) {
        before->size += data.size;
    } else if (before->begin + before->size == (isBehind | m_behind.size())) {
        m_behind.append(text(data));
        before->size += data.size;
    } else {
        // Only once for a run of text: from now on all of it lies behind, and at its end.
        const std::string joined = std::string(text(*before)).append(text(data));
        *before = storeBehind(joined);
    }
}

} // namespace godwit::xml
