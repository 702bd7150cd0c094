// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A parsed element and everything below it, flat: nodes and attributes in two vectors, all names and texts in one
// string. Reading it allocates nothing; building it costs three growing buffers whatever the number of elements.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

class Document;

/// A place in a Document; valid as long as the Document lives and is not changed. A default one is "no element" and
/// answers every question with nothing, so that chains like a.child("x").child("y").text() need no checks.
class ElementView
{
public:
    ElementView() = default;
    ElementView(const Document *document, std::uint32_t index)
        : m_document(document)
        , m_index(index)
    {
    }

    explicit operator bool() const noexcept { return m_document != nullptr; }

    /// Local name and namespace URI.
    std::string_view name() const;
    std::string_view ns() const;
    bool is(std::string_view name, std::string_view ns) const;

    /// The value of an attribute without namespace; empty when it is absent.
    std::string_view attribute(std::string_view name) const;
    bool hasAttribute(std::string_view name) const;
    bool hasAttribute(std::string_view name, std::string_view ns) const;
    /// The value of an attribute with a namespace (xml:lang: ns is xml::xmlNamespace).
    std::string_view attribute(std::string_view name, std::string_view ns) const;

    /// The character data directly inside, joined.
    std::string text() const;
    bool hasText() const;

    /// The first child element; of that name; of that name and namespace. "No element" when there is none.
    ElementView child() const;
    ElementView child(std::string_view name, std::string_view ns) const;
    ElementView childInNamespace(std::string_view ns) const;
    /// The next sibling element.
    ElementView next() const;
    ElementView next(std::string_view name, std::string_view ns) const;

    std::uint32_t index() const noexcept { return m_index; }
    const Document *document() const noexcept { return m_document; }

private:
    const Document *m_document = nullptr;
    std::uint32_t m_index = 0;
};

/// The elements of a level, for range-for: `for (ElementView item : children(query))`.
class ElementRange
{
public:
    class Iterator
    {
    public:
        explicit Iterator(ElementView at)
            : m_at(at)
        {
        }
        ElementView operator*() const { return m_at; }
        Iterator &operator++()
        {
            m_at = m_at.next();
            return *this;
        }
        bool operator!=(std::default_sentinel_t) const { return static_cast<bool>(m_at); }

    private:
        ElementView m_at;
    };
    explicit ElementRange(ElementView first)
        : m_first(first)
    {
    }
    Iterator begin() const { return Iterator(m_first); }
    std::default_sentinel_t end() const { return {}; }

private:
    ElementView m_first;
};
inline ElementRange children(ElementView parent)
{
    return ElementRange(parent.child());
}

/// The owner of the tree. Built by the parser (or DocumentBuilder), then only read.
class Document
{
public:
    struct Span {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
    };
    struct Attribute {
        Span name;
        Span ns; ///< empty for none
        Span prefix;
        Span value;
    };
    enum class Kind : std::uint8_t { Element, Text };
    struct Node {
        Kind kind = Kind::Element;
        Span name; ///< of a text node: the text
        Span ns;
        Span prefix;
        std::uint32_t firstAttribute = 0;
        std::uint32_t attributeCount = 0;
        std::uint32_t firstChild = 0;  ///< 0 for none: the root is nobody's child
        std::uint32_t nextSibling = 0; ///< 0 for none
        /// Where the element (tags included) lies in the stanza's kept bytes; begin == end when bytes are not kept.
        std::uint32_t rawBegin = 0;
        std::uint32_t rawEnd = 0;
    };

    bool empty() const noexcept { return m_nodes.empty(); }
    ElementView root() const { return m_nodes.empty() ? ElementView() : ElementView(this, 0); }
    const Node &node(std::uint32_t index) const { return m_nodes[index]; }
    const Attribute &attribute(std::uint32_t index) const { return m_attributes[index]; }
    std::string_view text(Span span) const { return std::string_view(m_text).substr(span.begin, span.size); }
    std::size_t nodeCount() const noexcept { return m_nodes.size(); }
    void clear();

private:
    friend class DocumentBuilder;
    friend class DocumentEditor;
    friend class StanzaTemplate;
    std::vector<Node> m_nodes;
    std::vector<Attribute> m_attributes;
    std::string m_text;
};

inline constexpr std::string_view xmlNamespace = "http://www.w3.org/XML/1998/namespace";

/// True when two elements say the same: names, namespaces, attributes in any order, text and children in order.
/// Prefixes and the way the text is escaped say nothing.
bool sameInfoset(ElementView a, ElementView b);

/// Parses one complete element (of our own store, a configuration, a test) under the default namespace `contentNs`.
/// Nothing when it is not well-formed or uses what XMPP forbids (RFC 6120 §11.1).
bool parseDocument(std::string_view bytes, std::string_view contentNs, Document &document);

} // namespace godwit::xml
