// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes XML onto the end of a string, escaping as needed. What it writes is well-formed by construction as long as
// every open() has its close().
#pragma once

#include "xml/Document.h"

#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

/// Appends `text` with & < > escaped (and " ' inside attributes), characters that XML 1.0 forbids left out.
void appendEscapedText(std::string &out, std::string_view text);
void appendEscapedAttribute(std::string &out, std::string_view text);

/// A cursor that appends to a string it does not own. Names given to it are literals of ours, never a peer's.
class XmlWriter
{
public:
    explicit XmlWriter(std::string &out)
        : m_out(out)
    {
    }
    XmlWriter(const XmlWriter &) = delete;
    XmlWriter &operator=(const XmlWriter &) = delete;

    /// `<name` or, with a namespace, `<name xmlns='ns'`. The names must outlive the writer (they are literals).
    XmlWriter &open(std::string_view name);
    XmlWriter &open(std::string_view name, std::string_view ns);
    /// ` name='value'`; only directly after open() or another attribute().
    XmlWriter &attribute(std::string_view name, std::string_view value);
    /// The same, left out when the value is empty.
    XmlWriter &attributeIf(std::string_view name, std::string_view value);
    XmlWriter &text(std::string_view value);
    /// Bytes that are XML already (a stanza, a child kept as bytes).
    XmlWriter &raw(std::string_view bytes);
    /// `</name>`, or `/>` when nothing was put inside.
    XmlWriter &close();
    /// open + text + close; the element is left out altogether when `value` is empty.
    XmlWriter &textElement(std::string_view name, std::string_view value);
    /// Writes an element of a Document with all below it, namespaces declared where they change; an element of
    /// `contentNs` is written without a declaration.
    XmlWriter &element(ElementView source, std::string_view contentNs);

private:
    void finishTag();

    std::string &m_out;
    std::vector<std::string_view> m_open;
    bool m_tagOpen = false;
};

} // namespace godwit::xml
