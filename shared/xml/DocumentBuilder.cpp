// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/DocumentBuilder.h"

#include "base/Assert.h"

namespace godwit::xml
{

void DocumentBuilder::clear()
{
    m_document.clear();
    m_open.clear();
}

DocumentBuilder::Span DocumentBuilder::store(std::string_view text)
{
    const Span span{static_cast<std::uint32_t>(m_document.m_text.size()), static_cast<std::uint32_t>(text.size())};
    m_document.m_text.append(text);
    return span;
}

std::uint32_t DocumentBuilder::append(const Document::Node &node)
{
    const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
    GW_ASSERT(!m_open.empty() || index == 0);
    m_document.m_nodes.push_back(node);
    if (!m_open.empty()) {
        Open &parent = m_open.back();
        if (parent.lastChild == 0) {
            m_document.m_nodes[parent.index].firstChild = index;
        } else {
            m_document.m_nodes[parent.lastChild].nextSibling = index;
        }
        parent.lastChild = index;
    }
    return index;
}

void DocumentBuilder::open(Span name, Span ns, Span prefix, std::uint32_t rawBegin)
{
    Document::Node node;
    node.name = name;
    node.ns = ns;
    node.prefix = prefix;
    node.firstAttribute = static_cast<std::uint32_t>(m_document.m_attributes.size());
    node.rawBegin = rawBegin;
    node.rawEnd = rawBegin;
    m_open.push_back(Open{append(node), 0});
}

void DocumentBuilder::attribute(Span name, Span ns, Span prefix, Span value)
{
    GW_ASSERT(!m_open.empty() && m_open.back().index + 1 == m_document.m_nodes.size());
    m_document.m_attributes.push_back(Document::Attribute{name, ns, prefix, value});
    ++m_document.m_nodes.back().attributeCount;
}

void DocumentBuilder::characters(std::string_view data)
{
    GW_ASSERT(!m_open.empty());
    if (data.empty()) {
        return;
    }
    const std::uint32_t last = m_open.back().lastChild;
    if (last != 0 && m_document.m_nodes[last].kind == Document::Kind::Text) {
        Span &span = m_document.m_nodes[last].name;
        if (span.begin + span.size == m_document.m_text.size()) {
            m_document.m_text.append(data);
            span.size += static_cast<std::uint32_t>(data.size());
            return;
        }
    }
    Document::Node node;
    node.kind = Document::Kind::Text;
    node.name = store(data);
    append(node);
}

void DocumentBuilder::close(std::uint32_t rawEnd)
{
    GW_ASSERT(!m_open.empty());
    m_document.m_nodes[m_open.back().index].rawEnd = rawEnd;
    m_open.pop_back();
}

} // namespace godwit::xml
