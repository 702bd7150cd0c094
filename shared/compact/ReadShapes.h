// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reading a frame of a shape that was read before: only the values in its holes are read, into a copy of the stanza
// that they stood in the first time. A frame takes this way only when all but its values is the same byte for byte, so
// what rules and limits ask of the rest was checked once; the values are read by ValueReader, as ever.
#pragma once

#include "compact/Limits.h"
#include "compact/ShapeTree.h"
#include "compact/Tables.h"
#include "compact/ValueReader.h"
#include "jid/Jid.h"
#include "xml/StanzaTemplate.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::compact
{

/// What a value is, and what it may be when it stands in a hole.
enum class FrameValue : std::uint8_t {
    String,
    Id,
    OfferedString, ///< rule 9
    OfferedId,
    Address, ///< only a reference to a table: reading it has no effect then
    From,    ///< the same, of the stanza itself: an address that is one
    To,
    Characters, ///< kind S, not empty: without character data there would be no text in the tree
};

/// What ElementReader tells of an element while it reads the frame, so that the next one of its shape can be read
/// without it.
class ReadRecord
{
public:
    /// `value` is a part of the frame; it became that attribute, that text.
    void attribute(FrameValue kind, std::string_view value, std::uint32_t index);
    void text(std::string_view value, std::uint32_t index);
    /// The attribute has the value of another one.
    void copy(std::uint32_t index, std::uint32_t original) { m_copies.push_back(Copy{index, original}); }
    /// What was read depends on more than can be told.
    void giveUp() { m_isGood = false; }
    void clear();

private:
    friend class ReadShapes;
    struct Value {
        std::string_view written;
        FrameValue kind = FrameValue::String;
        xml::StanzaTemplate::Place place;
    };
    struct Copy {
        std::uint32_t index = 0;
        std::uint32_t original = 0;
    };

    bool m_isGood = true;
    std::vector<Value> m_values; ///< in the order of the frame
    std::vector<Copy> m_copies;
};

class ReadShapes
{
public:
    /// What a connection brings along.
    struct Context {
        const Limits &limits;
        std::string_view language; ///< of the other side's stream
        Tables &tables;
        Exchange &exchange;
    };
    struct Plan;
    struct Found {
        const Plan *plan = nullptr;
        std::size_t frameBytes = 0;
        std::array<std::string_view, holesMax> values; ///< as they stand in the frame
        jid::Jid from;
        jid::Jid to;
    };

    /// False when no shape is known that the frame in front has, or it is not for this connection. Of no effect on any
    /// table. What is longer than this at one place goes the other way, and so do addresses of the stanza that are new
    /// or not written as they are prepared.
    static constexpr std::size_t valueBytesMax = 2'048;
    bool find(std::string_view frame, const Context &context, Found &found);
    /// Makes the stanza, which holds nothing yet; the reason why not, when a value breaks a rule.
    const char *read(Found &found, const Context &context, xml::Stanza &stanza);

    bool wantsMore() { return m_tree.wantsMore(); }
    /// Learns the shape of a frame from the stanza that it became, whose kept bytes lie in the tree's text.
    void learn(std::string_view frame, const ReadRecord &record, const xml::Stanza &stanza, std::size_t bytesBegin,
               std::string_view language);

    struct Plan {
        xml::StanzaTemplate made;
        std::vector<FrameValue> kinds;
        std::string language;
        std::size_t depth = 0;
        std::size_t elements = 0;
        std::size_t attributes = 0; ///< of one element at most
    };

private:
    using Tree = ShapeTree<FrameValue, Plan>;

    const jid::Jid *prepare(std::string_view address);
    bool take(std::string_view &rest, FrameValue kind, const Tables &tables, Found &found, std::size_t index);

    Tree m_tree;
    std::array<jid::Jid, 32> m_jids; ///< by their hash
    std::string m_texts;             ///< of the values, one behind the other
    std::string m_scratch;
};

} // namespace godwit::compact
