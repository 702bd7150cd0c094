// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A stanza with holes for some values of its attributes and for some of its texts: made of one that is whole, and
// filled again and again. Filling copies; nothing is parsed, looked up or walked through.
#pragma once

#include "xml/Stanza.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::xml
{

class StanzaTemplate
{
public:
    /// What is to be replaced: an attribute or a text node of the tree, and which of the values stands there.
    struct Place {
        bool isText = false;
        std::uint32_t index = 0;
        std::uint32_t value = 0;
    };

    /// `text` is the tree's text, in which the kept bytes lie from `bytesBegin` on. Nothing when a place holds nothing,
    /// or something that is written with escapes and so is no part of them.
    static std::optional<StanzaTemplate> make(const Stanza &stanza, std::size_t bytesBegin,
                                              std::span<const Place> places);

    /// What to fill in: the values one behind the other, and where each of them ends.
    struct Values {
        std::string_view texts;
        std::span<const std::uint32_t> ends;
        std::uint32_t plain = 0; ///< a bit for each value that needs no escapes

        bool isPlain(std::size_t index) const { return (plain >> index & 1) != 0; }
        std::uint32_t begin(std::size_t index) const { return index == 0 ? 0 : ends[index - 1]; }
        std::string_view operator[](std::size_t index) const
        {
            return texts.substr(begin(index), ends[index] - begin(index));
        }
    };
    /// Into a stanza that holds nothing. The values are good for XML and not empty where a text is; escapes are made
    /// here. Addresses are the caller's. `scratch` is memory that may be used again.
    void fill(Stanza &stanza, const Values &values, std::string &scratch) const;

private:
    using Span = Document::Span;
    /// In the order of the kept bytes.
    struct Hole {
        std::uint32_t literal = 0; ///< how many bytes are in front of it, behind the hole before
        Place place;
    };
    /// How many holes are in front of the begin and the end of a node.
    struct HolesBefore {
        std::uint16_t begin = 0;
        std::uint16_t end = 0;
    };

    void cut(const Stanza &stanza, std::size_t bytesBegin, std::vector<Span> holes);
    void noteHead(const Stanza &stanza);
    std::size_t fillTree(Document &tree, const Values &values) const;
    void fillPlain(Stanza &stanza, const Values &values, std::size_t size) const;
    void fillEscaped(Stanza &stanza, const Values &values, std::string &scratch) const;
    void moveNodes(Document &tree, std::span<const std::uint32_t> shifts) const;

    StanzaKind m_kind = StanzaKind::Message;
    StanzaType m_type = StanzaType::Normal;
    std::string m_id;
    std::optional<std::uint32_t> m_idValue; ///< which value is the id, the type
    std::optional<std::uint32_t> m_typeValue;
    std::string m_bytes; ///< kept, with nothing in the holes
    std::vector<Hole> m_holes;
    Document m_tree; ///< its text has no values, its offsets are those of m_bytes
    std::vector<HolesBefore> m_before;
};

} // namespace godwit::xml
