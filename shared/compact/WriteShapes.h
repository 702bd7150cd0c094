// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writing kept bytes of a shape that was written before: their tree is not read again, only the values in the holes are
// coded, between the bytes of the frame that are always the same. What comes out is what ElementWriter writes; a value
// that could change anything but its own bytes (one that the dictionary may fix, one with references) is no hole.
#pragma once

#include "compact/ShapeTree.h"
#include "compact/ValueWriter.h"
#include "xml/Document.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::compact
{

/// What ElementWriter tells of an element while it writes the frame, so that the next one of its shape can be written
/// without it. The element's document lies over kept bytes in which everything says itself (KeptReader::isPlain).
class WriteRecord
{
public:
    using Span = xml::Document::Span;

    /// The frame is going to be written behind what the output has.
    void begin(std::size_t outputSize) { m_begin = outputSize; }
    /// The value at `place` was written to the bytes of the output from `begin` to `end`.
    void value(ValueForm form, Span place, std::size_t begin, std::size_t end);
    /// What was written depends on whether these two values are equal.
    void comparison(Span one, Span other, bool isEqual);
    /// What was written depends on more than can be told.
    void giveUp() { m_isGood = false; }

private:
    friend class WriteShapes;
    struct Value {
        ValueForm form = ValueForm::String;
        Span place;
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    struct Comparison {
        Span one;
        Span other;
        bool isEqual = false;
    };

    bool m_isGood = true;
    std::size_t m_begin = 0;
    std::vector<Value> m_values; ///< in the order of the frame
    std::vector<Comparison> m_comparisons;
};

class WriteShapes
{
public:
    struct Plan;

    /// Nothing when no shape is known that `kept` has; of no effect on any table.
    const Plan *find(std::string_view kept);
    /// Writes what find() has just found.
    void write(const Plan &plan, std::string &out, ValueWriter &writer) const;

    bool wantsMore() { return m_tree.wantsMore(); }
    /// Learns the shape of kept bytes from how they were written; the output ends with their frame.
    void learn(std::string_view kept, const WriteRecord &record, std::string_view output);

    struct Plan {
        struct Step {
            std::uint16_t literal = 0; ///< bytes of the frame in front of the value
            std::uint8_t hole = 0;
            ValueForm form = ValueForm::String;
        };
        struct Comparison {
            std::uint8_t one = 0;
            std::uint8_t other = 0;
            bool isEqual = false;
            bool operator==(const Comparison &) const = default;
        };
        std::string literals;
        std::vector<Step> steps;
        std::vector<Comparison> comparisons;
    };

private:
    /// What ends what is in a hole.
    enum class End : char { Quote = '\'', DoubleQuote = '"', Tag = '<' };
    struct Value {
        std::string_view text;
        std::optional<Uuid> uuid; ///< when the text is one
    };
    using Tree = ShapeTree<End, Plan>;

    bool take(std::string_view &rest, End end, Value &value);
    static std::vector<WriteRecord::Span> placesOf(const WriteRecord &record);

    Tree m_tree;
    std::array<Value, holesMax> m_values; ///< what is in the holes of the text that was found, in its order
    const Value *m_uuid = nullptr;        ///< the last of them that is one
};

} // namespace godwit::compact
