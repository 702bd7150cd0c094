// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes a Document from front to back. The parser and the codec of the compact wire use it; it keeps its memory
// between documents, so that a busy parser allocates only for what it hands out.
#pragma once

#include "base/Assert.h"
#include "xml/Document.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

class DocumentBuilder
{
public:
    using Span = Document::Span;

    /// Forgets the document, keeps the memory.
    void clear();

    /// Stores text once; the span may be used for any number of names and namespaces.
    Span store(std::string_view text)
    {
        text.copy(room(text.size()), text.size());
        return wrote(text.size());
    }
    /// Room at the end of the text, for who writes something into it that holds most of its names and values: what
    /// wrote() takes of it may be referred to by spans. Views of the text are good until the next call.
    char *room(std::size_t size)
    {
        if (m_document.m_text.size() - m_textSize < size) {
            grow(size);
        }
        return m_document.m_text.data() + m_textSize;
    }
    Span wrote(std::size_t size)
    {
        const Span span{static_cast<std::uint32_t>(m_textSize), static_cast<std::uint32_t>(size)};
        m_textSize += size;
        return span;
    }
    std::size_t textSize() const noexcept { return m_textSize; }
    std::size_t textCapacity() const noexcept { return m_document.m_text.size(); }
    std::string_view text() const { return std::string_view(m_document.m_text.data(), m_textSize); }
    /// Writes again what was written from `begin` on.
    void rewrite(std::size_t begin, std::string_view text)
    {
        GW_ASSERT(begin + text.size() <= m_textSize);
        text.copy(m_document.m_text.data() + begin, text.size());
    }
    /// Stores text that must not lie in the middle of what is being written. The span is for this builder's text()
    /// alone until finish() has put it behind all else.
    Span storeBehind(std::string_view text);
    void finish();
    std::string_view text(Span span) const
    {
        return (span.begin & isBehind) == 0 ? m_document.text(span)
                                            : std::string_view(m_behind).substr(span.begin & ~isBehind, span.size);
    }

    /// Opens an element inside the one that is open now; the first one is the root.
    void open(Span name, Span ns, Span prefix, std::uint32_t rawBegin = 0)
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
    void open(std::string_view name, std::string_view ns) { open(store(name), store(ns), {}); }
    /// Adds to the element opened last, before anything is put inside it.
    void attribute(Span name, Span ns, Span prefix, Span value)
    {
        GW_ASSERT(!m_open.empty() && m_open.back().index + 1 == m_document.m_nodes.size());
        m_document.m_attributes.push_back(Document::Attribute{name, ns, prefix, value});
        ++m_document.m_nodes.back().attributeCount;
    }
    void attribute(std::string_view name, std::string_view value) { attribute(store(name), {}, {}, store(value)); }
    /// What was written of an attribute lies `step` bytes further on (modulo 2^32, so it may lie in front, too).
    void moveAttribute(std::uint32_t index, std::uint32_t step)
    {
        Document::Attribute &attribute = m_document.m_attributes[index];
        for (Span *span : {&attribute.prefix, &attribute.name, &attribute.value}) {
            span->begin += (span->begin & isBehind) == 0 && span->size > 0 ? step : 0;
        }
    }
    /// Character data; what follows text directly is joined to it.
    void characters(std::string_view data);
    /// Character data that is part of what was written already, or is in there in another form.
    void characters(Span data);
    void close(std::uint32_t rawEnd = 0)
    {
        GW_ASSERT(!m_open.empty());
        m_document.m_nodes[m_open.back().index].rawEnd = rawEnd;
        m_open.pop_back();
    }

    std::size_t depth() const noexcept { return m_open.size(); }
    const Document &document() const noexcept { return m_document; }
    /// Makes `copy` a copy of the document, with room for as many more attributes and as much more text.
    void copyTo(Document &copy, std::size_t attributes = 0, std::size_t textBytes = 0) const;
    Document copy() const
    {
        Document made;
        copyTo(made);
        return made;
    }

private:
    /// In Span::begin: the text is in m_behind.
    static constexpr std::uint32_t isBehind = 0x8000'0000;

    struct Open {
        std::uint32_t index = 0;
        std::uint32_t lastChild = 0;
    };
    void grow(std::size_t size);
    Document::Node &append(Document::Kind kind, Span name)
    {
        const auto index = static_cast<std::uint32_t>(m_document.m_nodes.size());
        GW_ASSERT(!m_open.empty() || index == 0);
        Document::Node &node = m_document.m_nodes.emplace_back();
        node.kind = kind;
        node.name = name;
        if (!m_open.empty()) {
            Open &parent = m_open.back();
            const bool isFirst = parent.lastChild == 0;
            Document::Node &before = m_document.m_nodes[isFirst ? parent.index : parent.lastChild];
            (isFirst ? before.firstChild : before.nextSibling) = index;
            parent.lastChild = index;
        }
        return node;
    }
    Span *textBefore();

    Document m_document; ///< its text has spare bytes at the end
    std::size_t m_textSize = 0;
    std::string m_behind;
    std::vector<Open> m_open;
};

} // namespace godwit::xml
