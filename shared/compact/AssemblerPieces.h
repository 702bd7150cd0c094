// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How an Assembler writes: for its own two source files.
#pragma once

#include "compact/Assembler.h"
#include "xml/PlainText.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace godwit::compact
{

inline constexpr std::string_view xmlnsNamespace = "http://www.w3.org/2000/xmlns/";
/// The namespaces that kept bytes do not say are at the front of the text.
inline constexpr Assembler::Span contentNs{0, xml::contentNamespace.size()};
inline constexpr Assembler::Span xmlNs{contentNs.size, xml::xmlNamespace.size()};

/// What is put is good as long as the room that was asked for; a text with escapes asks for its own.
class Assembler::Pieces
{
public:
    Pieces(Assembler &assembler, std::size_t size)
        : m_assembler(assembler)
        , m_builder(assembler.m_builder)
        , m_at(m_builder.room(size))
    {
    }
    ~Pieces() { m_builder.wrote(m_size); }
    Pieces(const Pieces &) = delete;
    Pieces &operator=(const Pieces &) = delete;

    Span put(std::string_view text)
    {
        text.copy(m_at + m_size, text.size());
        return took(text.size());
    }
    void put(char letter) { m_at[m_size++] = letter; }
    /// Where the text was put as it is; nothing when it needed escapes. `behind` is how much will be put behind it.
    std::optional<Span> putEscaped(std::string_view text, void (*append)(std::string &, std::string_view),
                                   std::size_t behind)
    {
        if (xml::copyPlain(m_at + m_size, text)) {
            return took(text.size());
        }
        std::string &escaped = m_assembler.m_escaped;
        escaped.clear();
        append(escaped, text);
        m_builder.wrote(std::exchange(m_size, 0));
        m_at = m_builder.room(escaped.size() + behind);
        const Span place = put(escaped);
        // Escapes only make text longer: its characters were checked, so none is left out.
        return escaped.size() == text.size() ? std::optional(place) : std::nullopt;
    }

private:
    Span took(std::size_t size)
    {
        const Span place{static_cast<std::uint32_t>(m_builder.textSize() + m_size), static_cast<std::uint32_t>(size)};
        m_size += size;
        return place;
    }

    Assembler &m_assembler;
    xml::DocumentBuilder &m_builder;
    char *m_at;
    std::size_t m_size = 0;
};

} // namespace godwit::compact
