// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Makes a tree of what is read, and at the same time the bytes that a stanza keeps (xml/Stanza.h), so that nothing is
// parsed afterwards. What it is given was checked for names and characters; it checks what holds between them.
#pragma once

#include "compact/Limits.h"
#include "jid/Jid.h"
#include "xml/DocumentBuilder.h"
#include "xml/Stanza.h"

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

    /// Begins an element frame; what the last one left is gone. The views must outlive the frame's reading.
    void begin(const Limits &limits, std::string_view language);

    // All below are false, with fault() set, when the element breaks a rule or a limit.
    bool open(std::string_view name, std::string_view ns);
    /// Opens an element with the namespace of the one it is in.
    bool openInside(std::string_view name);
    bool attribute(std::string_view name, std::string_view ns, std::string_view value);
    bool characters(std::string_view text);
    bool close();

    const char *fault() const { return m_fault; }
    bool isOverLimit() const { return m_overLimit; }
    /// Of the element that is open now.
    std::string_view name() const { return m_builder.text(m_open.back().name); }
    std::string_view ns() const { return m_builder.text(m_open.back().ns); }
    std::size_t depth() const { return m_open.size(); }
    /// The attribute without namespace of the open element; nothing when it is absent.
    std::optional<std::string_view> ownAttribute(std::string_view name) const;

    /// What the finished element is.
    bool isStanza() const { return m_kind.has_value(); }
    xml::Stanza takeStanza();
    /// Why the stanza is malformed (its addresses); empty when it is not.
    const std::string &reason() const { return m_reason; }
    xml::Document takeDocument() const { return m_builder.copy(); }
    /// Gives back what a large frame has taken.
    void shrink();

private:
    struct Open {
        Span name;
        Span ns;
        Span defaultNs;         ///< what an element without prefix inside it is in, as written
        std::uint32_t node = 0; ///< in the document
        bool isContent = false; ///< it and all around it are in the content namespace
        bool tagOpen = true;    ///< its start tag is not written yet
        bool isPrefixed = false;
        std::uint32_t prefixesAround = 0; ///< declared by the elements that it is in
    };

    bool fail(const char *fault);
    bool failLimit(const char *fault);
    bool push(Span name, Span ns);
    bool stanzaAddress(std::string_view name, std::string_view value);
    bool finishTag();
    void writeAttributes(const xml::Document::Node &node, bool leading);
    void writeAttribute(const xml::Document::Attribute &attribute);
    bool declarePrefixes(const xml::Document::Node &node);
    bool checkRepetition();
    bool repeats(std::string_view name, std::string_view ns) const;
    Span prefixFor(std::string_view ns);
    bool checkSize() { return m_bytes.size() <= m_limits->stanzaBytesMax || failLimit("an element that is too large"); }

    const Limits *m_limits = nullptr;
    std::string_view m_language;
    xml::DocumentBuilder m_builder;
    std::string m_bytes;
    std::vector<Open> m_open;
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
