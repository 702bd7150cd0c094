// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Generator.h"

#include "base/Random.h"
#include "xml/XmlWriter.h"

#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::test
{

namespace
{

constexpr std::array<std::string_view, 6> namespaces{"jabber:client",   "urn:a",         "urn:b",
                                                     "urn:c?d=1&e='2'", "jabber:server", "urn:a"};
constexpr std::array<std::string_view, 4> prefixes{"p", "q", "stream2", "ключ"};
constexpr std::array<std::string_view, 7> names{"x", "body", "message", "y-1", "größe", "_z", "xmlnsfoo"};
constexpr std::array<std::string_view, 8> texts{"hello", "a < b & c > d", "\n\t ", "'\"", "ß🐦", "]]", ">", "\r"};

class Generator
{
public:
    explicit Generator(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::string stanza()
    {
        constexpr std::array<std::string_view, 3> kinds{"message", "presence", "iq"};
        constexpr std::array<std::string_view, 4> types{"chat", "set", "error", "odd"};
        std::string qualified(pick(kinds));
        std::string attributes;
        if (chance(8)) {
            attributes += declaration("c", "jabber:client");
            m_scope.emplace_back("c", "jabber:client");
            qualified = "c:" + qualified;
        } else if (chance(4)) {
            attributes += declaration("", "jabber:client");
        }
        for (const auto &[name, value] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
                 {"type", pick(types)}, {"to", "Someone@Example.org/A b"}, {"xml:lang", "de"}, {"id", "i<&'\"\n>"}}) {
            if (chance(2)) {
                attributes += attribute(name, value);
            }
        }
        element(qualified, attributes, 0);
        return std::move(m_out);
    }

private:
    bool chance(std::uint64_t in) { return m_random.below(in) == 0; }
    template <std::size_t Size>
    std::string_view pick(const std::array<std::string_view, Size> &values)
    {
        return values[m_random.below(Size)];
    }
    std::string_view space() { return chance(6) ? std::string_view("\n\t ") : std::string_view(" "); }
    std::string_view optionalSpace() { return chance(6) ? std::string_view(" \n") : std::string_view(); }

    std::string attribute(std::string_view name, std::string_view value)
    {
        std::string out(space());
        out += name;
        out += optionalSpace();
        out += '=';
        out += optionalSpace();
        const char quote = chance(2) ? '"' : '\'';
        out += quote;
        xml::appendEscapedAttribute(out, value);
        out += quote;
        return out;
    }

    std::string declaration(std::string_view prefix, std::string_view ns)
    {
        return attribute(prefix.empty() ? std::string("xmlns") : "xmlns:" + std::string(prefix), ns);
    }

    /// Declarations and attributes of one element, without an expanded name twice.
    std::string furnish()
    {
        std::string out;
        std::set<std::string_view> declared;
        for (const std::string_view prefix : prefixes) {
            if (chance(6)) {
                const std::string_view ns = pick(namespaces);
                out += declaration(prefix, ns);
                m_scope.emplace_back(prefix, ns);
                declared.insert(prefix);
            }
        }
        std::set<std::pair<std::string_view, std::string_view>> used;
        for (int i = 0; i < 3; ++i) {
            const std::string_view name = pick(names);
            if (!m_scope.empty() && chance(3)) {
                const auto &[prefix, ns] = visible();
                if (used.emplace(ns, name).second) {
                    out += attribute(std::string(prefix) + ':' + std::string(name), pick(texts));
                }
            } else if (chance(3) && used.emplace("", name).second) {
                out += attribute(name, pick(texts));
            }
        }
        return out;
    }

    /// A prefix in scope with what it stands for at this place.
    const std::pair<std::string_view, std::string_view> &visible()
    {
        const std::string_view prefix = m_scope[m_random.below(m_scope.size())].first;
        for (std::size_t i = m_scope.size(); i-- > 0;) {
            if (m_scope[i].first == prefix) {
                return m_scope[i];
            }
        }
        return m_scope.back();
    }

    void characters()
    {
        const std::string_view text = pick(texts);
        switch (m_random.below(4)) {
        case 0:
            m_out += "<![CDATA[" + std::string(text) + "]]>";
            break;
        case 1:
            m_out += "&#x1F426;&#38;&apos;&#13;";
            break;
        default:
            xml::appendEscapedText(m_out, text);
            break;
        }
    }

    void child(int depth)
    {
        const std::size_t scope = m_scope.size();
        std::string attributes = furnish();
        std::string qualified(pick(names));
        if (!m_scope.empty() && chance(3)) {
            qualified = std::string(visible().first) + ':' + qualified;
        } else if (chance(2)) {
            attributes += declaration("", chance(8) ? std::string_view() : pick(namespaces));
        }
        element(qualified, attributes, depth);
        m_scope.resize(scope);
    }

    void element(const std::string &qualified, const std::string &attributes, int depth)
    {
        constexpr int depthMax = 5;
        m_out += '<' + qualified + attributes;
        const std::uint64_t parts = depth < depthMax ? m_random.below(4) : 0;
        if (parts == 0 && chance(2)) {
            m_out += optionalSpace();
            m_out += "/>";
            return;
        }
        m_out += optionalSpace();
        m_out += '>';
        for (std::uint64_t i = 0; i < parts; ++i) {
            if (chance(3)) {
                characters();
            } else {
                child(depth + 1);
            }
        }
        m_out += "</" + qualified;
        m_out += optionalSpace();
        m_out += '>';
    }

    base::SeededRandom m_random;
    std::string m_out;
    std::vector<std::pair<std::string_view, std::string_view>> m_scope;
};

} // namespace

std::string generateStanza(std::uint64_t seed)
{
    return Generator(seed).stanza();
}

} // namespace godwit::test
