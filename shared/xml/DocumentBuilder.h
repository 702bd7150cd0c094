// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes a Document from front to back. The parser and the codec of the compact wire use it; it keeps its memory
// between documents, so that a busy parser allocates only for what it hands out.
#pragma once

#include "xml/Document.h"

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
    std::string_view text(Span span) const { return m_document.text(span); }

    /// Opens an element inside the one that is open now; the first one is the root.
    void open(Span name, Span ns, Span prefix, std::uint32_t rawBegin = 0);
    void open(std::string_view name, std::string_view ns) { open(store(name), store(ns), {}); }
    /// Adds to the element opened last, before anything is put inside it.
    void attribute(Span name, Span ns, Span prefix, Span value);
    void attribute(std::string_view name, std::string_view value) { attribute(store(name), {}, {}, store(value)); }
    /// Character data; what follows text directly is joined to it.
    void characters(std::string_view data);
    void close(std::uint32_t rawEnd = 0);

    std::size_t depth() const noexcept { return m_open.size(); }
    const Document &document() const noexcept { return m_document; }
    /// A copy without spare memory.
    Document copy() const { return m_document; }

private:
    struct Open {
        std::uint32_t index = 0;
        std::uint32_t lastChild = 0;
    };
    std::uint32_t append(const Document::Node &node);

    Document m_document;
    std::vector<Open> m_open;
};

} // namespace godwit::xml
