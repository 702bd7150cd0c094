// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/Document.h"

#include <algorithm>
#include <utility>

namespace godwit::xml
{

namespace
{

using Node = Document::Node;

/// The index of the first element from `index` on along the sibling chain; 0 when there is none.
std::uint32_t firstElement(const Document &document, std::uint32_t index)
{
    while (index != 0 && document.node(index).kind != Document::Kind::Element) {
        index = document.node(index).nextSibling;
    }
    return index;
}

template <class Matches>
ElementView firstMatching(ElementView from, Matches &&matches)
{
    while (from && !matches(from)) {
        from = from.next();
    }
    return from;
}

const Document::Attribute *find(const Document &document, const Node &node, std::string_view name, std::string_view ns)
{
    for (std::uint32_t i = 0; i < node.attributeCount; ++i) {
        const Document::Attribute &attribute = document.attribute(node.firstAttribute + i);
        if (document.text(attribute.name) == name && document.text(attribute.ns) == ns) {
            return &attribute;
        }
    }
    return nullptr;
}

/// Takes the text that begins at sibling `index` (runs of text nodes joined) and moves `index` behind it.
std::string takeText(const Document &document, std::uint32_t &index)
{
    std::string text;
    while (index != 0 && document.node(index).kind == Document::Kind::Text) {
        text += document.text(document.node(index).name);
        index = document.node(index).nextSibling;
    }
    return text;
}

bool sameHead(const Document &a, const Node &x, const Document &b, const Node &y)
{
    if (a.text(x.name) != b.text(y.name) || a.text(x.ns) != b.text(y.ns) || x.attributeCount != y.attributeCount) {
        return false;
    }
    for (std::uint32_t i = 0; i < x.attributeCount; ++i) {
        const Document::Attribute &attribute = a.attribute(x.firstAttribute + i);
        const Document::Attribute *other = find(b, y, a.text(attribute.name), a.text(attribute.ns));
        if (!other || b.text(other->value) != a.text(attribute.value)) {
            return false;
        }
    }
    return true;
}

} // namespace

std::string_view ElementView::name() const
{
    return m_document ? m_document->text(m_document->node(m_index).name) : std::string_view();
}

std::string_view ElementView::ns() const
{
    return m_document ? m_document->text(m_document->node(m_index).ns) : std::string_view();
}

bool ElementView::is(std::string_view wantedName, std::string_view wantedNs) const
{
    return m_document && name() == wantedName && ns() == wantedNs;
}

std::string_view ElementView::attribute(std::string_view wanted) const
{
    return attribute(wanted, {});
}

bool ElementView::hasAttribute(std::string_view wanted) const
{
    return hasAttribute(wanted, {});
}

bool ElementView::hasAttribute(std::string_view wanted, std::string_view wantedNs) const
{
    return m_document && find(*m_document, m_document->node(m_index), wanted, wantedNs) != nullptr;
}

std::string_view ElementView::attribute(std::string_view wanted, std::string_view wantedNs) const
{
    if (!m_document) {
        return {};
    }
    const Document::Attribute *found = find(*m_document, m_document->node(m_index), wanted, wantedNs);
    return found ? m_document->text(found->value) : std::string_view();
}

std::string ElementView::text() const
{
    std::string text;
    if (m_document) {
        for (std::uint32_t i = m_document->node(m_index).firstChild; i != 0; i = m_document->node(i).nextSibling) {
            if (m_document->node(i).kind == Document::Kind::Text) {
                text += m_document->text(m_document->node(i).name);
            }
        }
    }
    return text;
}

bool ElementView::hasText() const
{
    if (m_document) {
        for (std::uint32_t i = m_document->node(m_index).firstChild; i != 0; i = m_document->node(i).nextSibling) {
            if (m_document->node(i).kind == Document::Kind::Text) {
                return true;
            }
        }
    }
    return false;
}

ElementView ElementView::child() const
{
    if (!m_document) {
        return {};
    }
    const std::uint32_t index = firstElement(*m_document, m_document->node(m_index).firstChild);
    return index != 0 ? ElementView(m_document, index) : ElementView();
}

ElementView ElementView::child(std::string_view wantedName, std::string_view wantedNs) const
{
    return firstMatching(child(), [&](ElementView element) { return element.is(wantedName, wantedNs); });
}

ElementView ElementView::childInNamespace(std::string_view wantedNs) const
{
    return firstMatching(child(), [&](ElementView element) { return element.ns() == wantedNs; });
}

ElementView ElementView::next() const
{
    if (!m_document) {
        return {};
    }
    const std::uint32_t index = firstElement(*m_document, m_document->node(m_index).nextSibling);
    return index != 0 ? ElementView(m_document, index) : ElementView();
}

ElementView ElementView::next(std::string_view wantedName, std::string_view wantedNs) const
{
    return firstMatching(next(), [&](ElementView element) { return element.is(wantedName, wantedNs); });
}

void Document::clear()
{
    m_nodes.clear();
    m_attributes.clear();
    m_text.clear();
}

bool sameInfoset(ElementView a, ElementView b)
{
    if (!a || !b) {
        return !a && !b;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{a.index(), b.index()}};
    const Document &left = *a.document();
    const Document &right = *b.document();
    while (!open.empty()) {
        const auto [x, y] = open.back();
        open.pop_back();
        if (!sameHead(left, left.node(x), right, right.node(y))) {
            return false;
        }
        std::uint32_t i = left.node(x).firstChild;
        std::uint32_t j = right.node(y).firstChild;
        while (i != 0 || j != 0) {
            if (takeText(left, i) != takeText(right, j) || (i == 0) != (j == 0)) {
                return false;
            }
            if (i != 0) {
                open.emplace_back(i, j);
                i = left.node(i).nextSibling;
                j = right.node(j).nextSibling;
            }
        }
    }
    return true;
}

} // namespace godwit::xml
