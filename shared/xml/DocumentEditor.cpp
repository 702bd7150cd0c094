// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/DocumentEditor.h"

#include "base/Assert.h"

namespace godwit::xml
{

namespace
{

void add(std::uint32_t &offset, std::ptrdiff_t shift)
{
    offset = static_cast<std::uint32_t>(static_cast<std::ptrdiff_t>(offset) + shift);
}

} // namespace

/// The place of the attribute, or the place behind the root's last one.
std::uint32_t DocumentEditor::rootAttribute(std::string_view name) const
{
    const std::uint32_t count = m_document.m_nodes.front().attributeCount;
    std::uint32_t i = 0;
    while (i < count &&
           !(m_document.m_attributes[i].ns.size == 0 && m_document.text(m_document.m_attributes[i].name) == name)) {
        ++i;
    }
    return i;
}

void DocumentEditor::setRootAttribute(std::string_view name, std::string_view value)
{
    GW_ASSERT(!m_document.empty());
    const auto store = [this](std::string_view text) {
        const Document::Span span{static_cast<std::uint32_t>(m_document.m_text.size()),
                                  static_cast<std::uint32_t>(text.size())};
        m_document.m_text.append(text);
        return span;
    };
    const std::uint32_t at = rootAttribute(name);
    Document::Node &root = m_document.m_nodes.front();
    if (at < root.attributeCount) {
        if (m_document.text(m_document.m_attributes[at].value) != value) {
            m_document.m_attributes[at].value = store(value);
        }
        return;
    }
    Document::Attribute attribute;
    attribute.name = store(name);
    attribute.value = store(value);
    m_document.m_attributes.insert(m_document.m_attributes.begin() + at, attribute);
    ++root.attributeCount;
    for (std::size_t i = 1; i < m_document.m_nodes.size(); ++i) {
        if (m_document.m_nodes[i].kind == Document::Kind::Element) {
            ++m_document.m_nodes[i].firstAttribute;
        }
    }
}

void DocumentEditor::removeRootAttribute(std::string_view name)
{
    GW_ASSERT(!m_document.empty());
    const std::uint32_t at = rootAttribute(name);
    Document::Node &root = m_document.m_nodes.front();
    if (at == root.attributeCount) {
        return;
    }
    m_document.m_attributes.erase(m_document.m_attributes.begin() + at);
    --root.attributeCount;
    for (std::size_t i = 1; i < m_document.m_nodes.size(); ++i) {
        if (m_document.m_nodes[i].kind == Document::Kind::Element) {
            --m_document.m_nodes[i].firstAttribute;
        }
    }
}

void DocumentEditor::unlinkRootChild(std::uint32_t index)
{
    GW_ASSERT(index != 0 && index < m_document.m_nodes.size());
    const std::uint32_t next = m_document.m_nodes[index].nextSibling;
    std::uint32_t *link = &m_document.m_nodes.front().firstChild;
    while (*link != index) {
        GW_ASSERT(*link != 0);
        link = &m_document.m_nodes[*link].nextSibling;
    }
    *link = next;
}

void DocumentEditor::shiftRaw(std::uint32_t from, std::ptrdiff_t shift)
{
    for (Document::Node &node : m_document.m_nodes) {
        if (node.kind == Document::Kind::Element) {
            if (node.rawBegin >= from) {
                add(node.rawBegin, shift);
            }
            if (node.rawEnd >= from) {
                add(node.rawEnd, shift);
            }
        }
    }
}

void DocumentEditor::rebaseRaw(std::ptrdiff_t shift, std::size_t size)
{
    for (Document::Node &node : m_document.m_nodes) {
        if (node.kind == Document::Kind::Element) {
            add(node.rawBegin, shift);
            add(node.rawEnd, shift);
        }
    }
    m_document.m_nodes.front().rawBegin = 0;
    m_document.m_nodes.front().rawEnd = static_cast<std::uint32_t>(size);
}

} // namespace godwit::xml
