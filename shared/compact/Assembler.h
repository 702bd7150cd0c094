// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Makes a tree of what is read, and at the same time the bytes that a stanza keeps (xml/Stanza.h), so that nothing is
// parsed afterwards: the text of the tree is two namespaces, then these bytes, then what they say in another way.
// What it is given was checked for names and characters; it checks what holds between them.
#pragma once

#include "compact/Dictionary.h"
#include "compact/Limits.h"
#include "jid/Jid.h"
#include "xml/DocumentBuilder.h"
#include "xml/NamespaceSet.h"
#include "xml/Stanza.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::compact
{

class Assembler
{
public:
    using Span = xml::Document::Span;
    /// Where what the stanza keeps begins in the text of its tree.
    static constexpr std::size_t textBegin = xml::contentNamespace.size() + xml::xmlNamespace.size();

    /// Begins an element frame; what the last one left is gone. The views must outlive the frame's reading.
    void begin(const Limits &limits, std::string_view language);

    // All below are false, with fault() set, when the element breaks a rule or a limit.
    bool open(std::string_view name, std::string_view ns);
    /// The same for an entry of the dictionary, whose start tag is at hand.
    bool open(const ElementEntry &entry);
    /// Opens an element with the namespace of the one it is in.
    bool openInside(std::string_view name);
    bool attribute(std::string_view name, std::string_view ns, std::string_view value);
    /// One of those that an entry of the dictionary has: without namespace, and not there yet.
    bool field(std::string_view name, std::string_view value);
    bool characters(std::string_view text);
    bool close();

    const char *fault() const { return m_fault; }
    bool isOverLimit() const { return m_overLimit; }
    /// Of the element that is open now.
    std::string_view name() const { return m_builder.text(m_open.back().name); }
    std::string_view ns() const { return m_builder.text(m_open.back().ns); }
    std::size_t depth() const { return m_open.size(); }
    /// The attribute without namespace of the open element; nothing when it is absent.
    std::optional<std::uint32_t> ownAttribute(std::string_view name) const;
    std::string_view attributeValue(std::uint32_t index) const { return text(attributeAt(index).value); }
    /// The index of the attribute that was assembled last.
    std::uint32_t lastAttribute() const { return self().firstAttribute + self().attributeCount - 1; }
    std::size_t nodeCount() const { return m_builder.document().nodeCount(); }
    bool isStanzaRoot() const { return m_kind && m_open.size() == 1; }

    /// What the finished element is.
    bool isStanza() const { return m_kind.has_value(); }
    /// Into a stanza that holds nothing.
    void takeStanza(xml::Stanza &stanza);
    /// Why the stanza is malformed (its addresses); empty when it is not.
    const std::string &reason() const { return m_reason; }
    xml::Document takeDocument();
    /// Gives back what a large frame has taken.
    void shrink();

private:
    /// The attributes that kept bytes of a stanza have in front, in this order.
    static constexpr std::size_t leadingCount = 5;
    enum Leading : std::uint8_t { From, To, Id, Type, Language };
    static std::size_t leadingOf(std::string_view name, std::string_view ns);

    struct Open {
        Span name;
        Span ns;
        Span defaultNs;         ///< what an element without prefix inside it is in, as written
        std::uint32_t node = 0; ///< in the document
        bool isContent = false; ///< it and all around it are in the content namespace
        bool tagOpen = true;    ///< its start tag is not written to its end yet
        bool isPrefixed = false;
        bool hasPrefixes = false;         ///< has attributes whose namespaces must be declared
        std::uint32_t prefixesAround = 0; ///< declared by the elements that it is in
    };

    bool fail(const char *fault);
    bool failLimit(const char *fault);
    /// Without a namespace: in that of the element around it.
    bool push(std::string_view name, std::optional<std::string_view> ns, std::string_view startTag);
    void writeStartTag(Open &opened, std::string_view name, std::optional<std::string_view> ns,
                       std::string_view startTag);
    bool hasRoom();
    void stanzaAddress(std::string_view name, std::string_view value);
    void addAttribute(std::string_view name, std::string_view ns, std::string_view value);
    /// Writes the rest of the start tag that is open but for its last bracket.
    bool finishAttributes();
    bool finishTag();
    /// Writes pieces onto the end of the text.
    class Pieces;
    /// Puts the attributes of a stanza's root into the order of kept bytes.
    void sortRootAttributes();
    /// Where the parts of an attribute were written; its value as it is, or with escapes.
    struct Written {
        Span prefix;
        Span name;
        Span value;
        bool isVerbatim = false;
    };
    Written writeAttribute(std::string_view prefix, std::string_view name, std::string_view value);
    bool declarePrefixes();
    bool checkRepetition();
    bool repeats(std::string_view name, std::string_view ns) const;
    std::string prefixFor(std::string_view ns) const;
    /// Of what the stanza keeps.
    std::size_t size() const { return m_builder.textSize() - textBegin; }
    bool checkSize() { return size() <= m_limits->stanzaBytesMax || failLimit("an element that is too large"); }
    std::string_view text(Span span) const { return m_builder.text(span); }
    const xml::Document::Attribute &attributeAt(std::uint32_t index) const
    {
        return m_builder.document().attribute(index);
    }
    const xml::Document::Node &self() const { return m_builder.document().node(m_open.back().node); }

    const Limits *m_limits = nullptr;
    std::string_view m_language;
    xml::DocumentBuilder m_builder;
    std::string m_escaped;
    std::vector<std::uint32_t> m_begins;
    std::vector<Open> m_open;
    std::array<std::uint32_t, leadingCount> m_leading{}; ///< indexes of the root's attributes, plus one
    std::size_t m_elements = 0;
    std::uint32_t m_prefixes = 0; ///< declared by the open elements
    std::size_t m_repeatedNs = 0; ///< bytes of namespaces that an XML parser writes out for each use
    std::optional<xml::StanzaKind> m_kind;
    jid::Jid m_from;
    jid::Jid m_to;
    std::string m_reason;
    const char *m_fault = nullptr;
    bool m_overLimit = false;
};

} // namespace godwit::compact
