// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/DocumentBuilder.h"

#include <algorithm>

namespace godwit::xml
{

void DocumentBuilder::clear()
{
    m_document.m_nodes.clear();
    m_document.m_attributes.clear();
    m_textSize = 0;
    m_behind.clear();
    m_open.clear();
}

void DocumentBuilder::grow(std::size_t size)
{
    constexpr std::size_t atFirst = 1'024;
    m_document.m_text.resize(std::max(2 * m_textSize, m_textSize + size + atFirst));
}

void DocumentBuilder::copyTo(Document &copy, std::size_t attributes, std::size_t textBytes) const
{
    copy.m_nodes = m_document.m_nodes;
    copy.m_attributes.reserve(m_document.m_attributes.size() + attributes);
    copy.m_attributes = m_document.m_attributes;
    copy.m_text.reserve(m_textSize + textBytes);
    copy.m_text = text();
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
    const std::uint32_t begin = store(m_behind).begin;
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
    if (before && before->begin + before->size == m_textSize) {
        before->size += store(data).size;
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
