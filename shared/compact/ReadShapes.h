// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Reading a frame of a shape that was read before: only the values in its holes are read, into a copy of the stanza
// that they stood in the first time. A frame takes this way only when all but its values is the same byte for byte, so
// what rules and limits ask of the rest was checked once; the values are read by ValueReader, as ever.
#pragma once

#include "compact/Cbor.h"
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
    Address,
    From, ///< an address of the stanza itself, which must be one
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

    void note(std::string_view value, FrameValue kind, bool isText, std::uint32_t index);

    bool m_isGood = true;
    std::vector<Value> m_values; ///< in the order of the frame, at most holesMax
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
    /// A value that takes more bytes of the frame goes the long way.
    static constexpr std::size_t valueBytesMax = 2'048;

    /// The size of the frame in front; 0 when no shape is known that it has, or the shape is not for this connection.
    /// Of no effect on any table. Addresses of the stanza that are not written as they are prepared, and references
    /// that new addresses in front of them could change, go the long way, too.
    std::size_t find(std::string_view frame, const Context &context);
    /// Makes the stanza of what was just found, which holds nothing yet; the reason why not, when a value breaks a
    /// rule.
    const char *read(const Context &context, xml::Stanza &stanza);

    bool wantsMore() { return m_tree.wantsMore(); }
    /// Learns the shape of a frame from the stanza that it became, whose kept bytes lie in the tree's text.
    void learn(std::string_view frame, const ReadRecord &record, const xml::Stanza &stanza, std::size_t bytesBegin,
               std::string_view language);

private:
    struct Plan {
        xml::StanzaTemplate made;
        std::vector<FrameValue> kinds;
        std::string language;
        std::size_t depth = 0;
        std::size_t elements = 0;
        std::size_t attributes = 0; ///< of one element at most
    };

    using Tree = ShapeTree<FrameValue, Plan>;
    /// So many addresses are kept prepared.
    static constexpr std::size_t jidsMax = 128;

    /// A value as it stands in the frame.
    struct Value {
        Head head;
        std::string_view rest; ///< behind the head
    };
    /// What find() has found.
    struct Found {
        const Plan *plan = nullptr;
        std::array<Value, holesMax> values;
        std::uint32_t entered = 0;      ///< addresses that the values enter, at most
        const jid::Jid *from = nullptr; ///< in m_jids; null for none
        const jid::Jid *to = nullptr;
    };

    const jid::Jid *prepare(std::string_view address, const jid::Jid *other);
    bool take(std::string_view &rest, FrameValue kind, const InternTable &table, std::size_t index);
    bool takeAddress(CborReader &reader, const Head &head, FrameValue kind, const InternTable &table);
    bool isKnownPlain(FrameValue kind) const;
    bool readValue(FrameValue kind, const Head &head, ValueReader &values, std::string_view &text) const;

    Tree m_tree;
    Found m_found;
    std::array<jid::Jid, jidsMax> m_jids;       ///< by their hash
    std::array<bool, jidsMax> m_plainJids = {}; ///< which of them need no escapes
    std::string m_texts;                        ///< of the values, one behind the other
    std::string m_scratch;
};

} // namespace godwit::compact
