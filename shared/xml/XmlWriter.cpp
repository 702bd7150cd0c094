// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "xml/XmlWriter.h"

#include "base/Assert.h"
#include "base/Utf8.h"
#include "xml/PlainText.h"

#include <array>
#include <utility>

namespace godwit::xml
{

namespace
{

enum class Place : unsigned char { Text, Attribute };

enum Special : unsigned char { plain = 0, escapedAlways = 1, escapedInAttribute = 2, forbidden = 3, checked = 4 };

constexpr std::array<unsigned char, 256> specials()
{
    std::array<unsigned char, 256> table{};
    for (std::size_t i = 0; i < 0x20; ++i) {
        table[i] = forbidden;
    }
    table['\t'] = escapedInAttribute;
    table['\n'] = escapedInAttribute;
    // A bare carriage return would be read back as a line feed.
    table['\r'] = escapedAlways;
    table['&'] = escapedAlways;
    table['<'] = escapedAlways;
    table['>'] = escapedAlways;
    table['"'] = escapedInAttribute;
    table['\''] = escapedInAttribute;
    // U+FFFE and U+FFFF begin with this byte.
    table[0xef] = checked;
    return table;
}

constexpr auto specialOf = specials();

std::string_view reference(char letter)
{
    switch (letter) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&apos;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return {};
    }
}

bool isNonCharacter(std::string_view rest)
{
    return rest.starts_with("\xef\xbf\xbe") || rest.starts_with("\xef\xbf\xbf");
}

void appendEscaped(std::string &out, std::string_view text, Place place)
{
    std::size_t copied = 0;
    for (std::size_t i = plainSize(text); i < text.size(); ++i) {
        const unsigned char special = specialOf[static_cast<unsigned char>(text[i])];
        if (special == plain || (special == escapedInAttribute && place == Place::Text)) {
            continue;
        }
        if (special == checked && !isNonCharacter(text.substr(i))) {
            continue;
        }
        out.append(text.substr(copied, i - copied));
        copied = i + 1;
        if (special == checked) {
            i += 2;
            copied = i + 1;
        } else if (special != forbidden) {
            out.append(reference(text[i]));
        }
    }
    out.append(text.substr(copied));
}

/// Writes one element's start tag for XmlWriter::element(): the default namespace where it changes, and a declaration
/// for each namespace of an attribute.
class StartTag
{
public:
    StartTag(std::string &out, const Document &document, const Document::Node &node)
        : m_out(out)
        , m_document(document)
        , m_node(node)
    {
    }

    void write(std::string_view defaultNs)
    {
        m_out += '<';
        m_out += m_document.text(m_node.name);
        if (m_document.text(m_node.ns) != defaultNs) {
            writeAttribute("xmlns", m_document.text(m_node.ns));
        }
        for (std::uint32_t i = 0; i < m_node.attributeCount; ++i) {
            const Document::Attribute &attribute = m_document.attribute(m_node.firstAttribute + i);
            std::string name = prefixFor(attribute);
            name += m_document.text(attribute.name);
            writeAttribute(name, m_document.text(attribute.value));
        }
    }

private:
    void writeAttribute(std::string_view name, std::string_view value)
    {
        m_out += ' ';
        m_out += name;
        m_out += "='";
        appendEscapedAttribute(m_out, value);
        m_out += '\'';
    }

    /// "prefix:" for an attribute with a namespace, declared here on first use.
    std::string prefixFor(const Document::Attribute &attribute)
    {
        const std::string_view ns = m_document.text(attribute.ns);
        if (ns.empty()) {
            return {};
        }
        if (ns == xmlNamespace) {
            return "xml:";
        }
        for (const auto &[prefix, declared] : m_declared) {
            if (declared == ns) {
                return prefix + ':';
            }
        }
        std::string prefix(m_document.text(attribute.prefix));
        for (int number = 0; prefix.empty() || isTaken(prefix); ++number) {
            prefix = "ns" + std::to_string(number);
        }
        writeAttribute("xmlns:" + prefix, ns);
        m_declared.emplace_back(prefix, ns);
        return prefix + ':';
    }

    bool isTaken(std::string_view prefix) const
    {
        for (const auto &[taken, ns] : m_declared) {
            if (taken == prefix) {
                return true;
            }
        }
        return false;
    }

    std::string &m_out;
    const Document &m_document;
    const Document::Node &m_node;
    std::vector<std::pair<std::string, std::string_view>> m_declared;
};

} // namespace

void appendEscapedText(std::string &out, std::string_view text)
{
    appendEscaped(out, text, Place::Text);
}

void appendEscapedAttribute(std::string &out, std::string_view text)
{
    appendEscaped(out, text, Place::Attribute);
}

void XmlWriter::finishTag()
{
    if (m_tagOpen) {
        m_out += '>';
        m_tagOpen = false;
    }
}

XmlWriter &XmlWriter::open(std::string_view name)
{
    finishTag();
    m_out += '<';
    m_out += name;
    m_open.push_back(name);
    m_tagOpen = true;
    return *this;
}

XmlWriter &XmlWriter::open(std::string_view name, std::string_view ns)
{
    open(name);
    return attribute("xmlns", ns);
}

XmlWriter &XmlWriter::attribute(std::string_view name, std::string_view value)
{
    GW_ASSERT(m_tagOpen);
    m_out += ' ';
    m_out += name;
    m_out += "='";
    appendEscapedAttribute(m_out, value);
    m_out += '\'';
    return *this;
}

XmlWriter &XmlWriter::attributeIf(std::string_view name, std::string_view value)
{
    return value.empty() ? *this : attribute(name, value);
}

XmlWriter &XmlWriter::text(std::string_view value)
{
    if (!value.empty()) {
        finishTag();
        appendEscapedText(m_out, value);
    }
    return *this;
}

XmlWriter &XmlWriter::raw(std::string_view bytes)
{
    if (!bytes.empty()) {
        finishTag();
        m_out += bytes;
    }
    return *this;
}

XmlWriter &XmlWriter::close()
{
    GW_ASSERT(!m_open.empty());
    if (m_tagOpen) {
        m_out += "/>";
        m_tagOpen = false;
    } else {
        m_out += "</";
        m_out += m_open.back();
        m_out += '>';
    }
    m_open.pop_back();
    return *this;
}

XmlWriter &XmlWriter::textElement(std::string_view name, std::string_view value)
{
    return value.empty() ? *this : open(name).text(value).close();
}

XmlWriter &XmlWriter::element(ElementView source, std::string_view contentNs)
{
    if (!source) {
        return *this;
    }
    finishTag();
    const Document &document = *source.document();
    // The open elements; the walk is a loop because the depth of a document is not ours.
    std::vector<std::uint32_t> path;
    std::uint32_t index = source.index();
    while (true) {
        const Document::Node &node = document.node(index);
        if (node.kind == Document::Kind::Text) {
            appendEscapedText(m_out, document.text(node.name));
        } else {
            const std::string_view defaultNs = path.empty() ? contentNs : document.text(document.node(path.back()).ns);
            StartTag(m_out, document, node).write(defaultNs);
            if (node.firstChild != 0) {
                m_out += '>';
                path.push_back(index);
                index = node.firstChild;
                continue;
            }
            m_out += "/>";
        }
        std::uint32_t next = path.empty() ? 0 : node.nextSibling;
        while (next == 0 && !path.empty()) {
            const Document::Node &done = document.node(path.back());
            m_out += "</";
            m_out += document.text(done.name);
            m_out += '>';
            path.pop_back();
            next = path.empty() ? 0 : done.nextSibling;
        }
        if (next == 0) {
            return *this;
        }
        index = next;
    }
}

} // namespace godwit::xml
