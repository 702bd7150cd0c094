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
    Span store(std::string_view text);
    /// The text of the document, for who writes something into it that holds most of its names and values: what he
    /// appends may be referred to by spans.
    std::string &written() { return m_document.m_text; }
    /// Stores text that must not lie in the middle of what is being written. The span is for this builder's text() alone
    /// until finish() has put it behind all else.
    Span storeBehind(std::string_view text);
    /// Forgets all that lies behind; nothing may refer to it.
    void dropBehind() { m_behind.clear(); }
    void finish();
    std::string_view text(Span span) const
    {
        return (span.begin & isBehind) == 0
                   ? m_document.text(span)
                   : std::string_view(m_behind).substr(span.begin & ~isBehind, span.size);
    }

    /// Opens an element inside the one that is open now; the first one is the root.
    void open(Span name, Span ns, Span prefix, std::uint32_t rawBegin = 0);
    void open(std::string_view name, std::string_view ns) { open(store(name), store(ns), {}); }
    /// Adds to the element opened last, before anything is put inside it.
    void attribute(Span name, Span ns, Span prefix, Span value)
    {
        GW_ASSERT(!m_open.empty() && m_open.back().index + 1 == m_document.m_nodes.size());
        m_document.m_attributes.push_back(Document::Attribute{name, ns, prefix, value});
        ++m_document.m_nodes.back().attributeCount;
    }
    void attribute(std::string_view name, std::string_view value) { attribute(store(name), {}, {}, store(value)); }
    /// Says what an attribute has become.
    void setAttribute(std::uint32_t index, const Document::Attribute &attribute)
    {
        m_document.m_attributes[index] = attribute;
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
    /// A copy without spare memory.
    Document copy() const { return m_document; }

private:
    /// In Span::begin: the text is in m_behind.
    static constexpr std::uint32_t isBehind = 0x8000'0000;

    struct Open {
        std::uint32_t index = 0;
        std::uint32_t lastChild = 0;
    };
    Document::Node &append(Document::Kind kind, Span name);
    Span *textBefore();

    Document m_document;
    std::string m_behind;
    std::vector<Open> m_open;
};

} // namespace godwit::xml
