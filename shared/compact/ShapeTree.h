// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Stanzas of one kind differ in a few values only. A shape is what they have in common: pieces that are always the same
// and holes between them. The tree holds shapes that were seen, by their pieces, and finds in one pass over a text
// which of them it has and what is in the holes. It knows nothing of what the texts are (kept bytes here, frames
// there): who asks says how a hole is taken, and keeps a plan with each shape. It is a cache of one thread and bounded:
// when it is full, it begins anew from time to time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace godwit::compact
{

/// Texts with more holes, and longer ones, are no shapes.
inline constexpr std::size_t holesMax = 24;
inline constexpr std::size_t shapeBytesMax = 2'048;

/// For two texts of one size. Literals are short more often than not; a call costs more than their comparison.
inline bool isEqual(std::string_view one, std::string_view other)
{
    const std::size_t size = one.size();
    const auto differ = [&]<class Word>(Word, std::size_t at) {
        Word a = 0;
        Word b = 0;
        std::memcpy(&a, one.data() + at, sizeof a);
        std::memcpy(&b, other.data() + at, sizeof b);
        return a != b;
    };
    // The last word may have bytes in common with the one before.
    if (size > 2 * sizeof(std::uint64_t)) {
        return one == other;
    }
    if (size >= sizeof(std::uint64_t)) {
        return !differ(std::uint64_t{}, 0) && !differ(std::uint64_t{}, size - sizeof(std::uint64_t));
    }
    if (size >= sizeof(std::uint32_t)) {
        return !differ(std::uint32_t{}, 0) && !differ(std::uint32_t{}, size - sizeof(std::uint32_t));
    }
    return size == 0 || (one[0] == other[0] && one[size / 2] == other[size / 2] && one[size - 1] == other[size - 1]);
}

template <class HoleKind, class Plan>
class ShapeTree
{
public:
    /// A part of a text that may be another one next time.
    struct Hole {
        std::size_t begin = 0;
        std::size_t size = 0;
        HoleKind kind{};
    };

    /// Asked after each text that has none of the shapes: is it worth the work of add()?
    bool wantsMore()
    {
        if (m_plans.size() < plansMax && m_literals.size() < literalBytesMax) {
            return true;
        }
        if (++m_missed < missesMax) {
            return false;
        }
        clear();
        return true;
    }

    /// Does it have the shape of this text with a plan that is the same? The holes are in the order of the text, at
    /// most holesMax.
    template <class Same>
    bool knows(std::string_view text, std::span<const Hole> holes, Same same) const
    {
        std::uint32_t at = m_first;
        std::size_t begin = 0;
        for (const Hole &hole : holes) {
            const std::string_view literal = text.substr(begin, hole.begin - begin);
            while (at != 0 && !isSame(node(at), literal, hole.kind)) {
                at = node(at).sibling;
            }
            if (at == 0) {
                return false;
            }
            at = node(at).child;
            begin = hole.begin + hole.size;
        }
        const std::string_view rest = text.substr(begin);
        while (at != 0 && !(node(at).plan != 0 && node(at).size == rest.size() && startsWith(rest, node(at)) &&
                            same(m_plans[node(at).plan - 1]))) {
            at = node(at).sibling;
        }
        return at != 0;
    }

    void add(std::string_view text, std::span<const Hole> holes, Plan plan)
    {
        std::uint32_t *link = &m_first;
        std::size_t begin = 0;
        for (const Hole &hole : holes) {
            const std::string_view literal = text.substr(begin, hole.begin - begin);
            while (*link != 0 && !isSame(node(*link), literal, hole.kind)) {
                link = &node(*link).sibling;
            }
            const std::uint32_t at = *link == 0 ? append(link, literal, hole.kind) : *link;
            link = &node(at).child;
            begin = hole.begin + hole.size;
        }
        while (*link != 0) {
            link = &node(*link).sibling;
        }
        m_plans.push_back(std::move(plan));
        const std::uint32_t end = append(link, text.substr(begin), HoleKind{});
        node(end).plan = static_cast<std::uint32_t>(m_plans.size());
    }

    /// The plan of the shape that the front of `text` has. `take(rest, kind, index)` takes what a hole may hold from
    /// the front, false when it may not hold that; `accept(plan, rest)` has the last word.
    template <class Take, class Accept>
    const Plan *match(std::string_view text, Take take, Accept accept) const
    {
        std::size_t holes = 0;
        std::uint32_t at = m_first;
        while (at != 0) {
            const Node &here = node(at);
            std::string_view rest = text;
            if (!startsWith(text, here)) {
                at = here.sibling;
                continue;
            }
            rest.remove_prefix(here.size);
            if (here.plan != 0) {
                const Plan &plan = m_plans[here.plan - 1];
                if (accept(plan, rest)) {
                    return &plan;
                }
                at = here.sibling;
            } else if (take(rest, here.kind, holes)) {
                ++holes;
                text = rest;
                at = here.child;
            } else {
                at = here.sibling;
            }
        }
        return nullptr;
    }

private:
    static constexpr std::size_t plansMax = 64;
    static constexpr std::size_t literalBytesMax = 16'384;
    /// Shapes that do not come again make room for others after so many misses.
    static constexpr std::uint32_t missesMax = 4'096;

    struct Node {
        std::uint32_t begin = 0; ///< of its piece in m_literals
        std::uint32_t size = 0;
        std::uint32_t sibling = 0; ///< index plus one of what may stand here instead
        std::uint32_t child = 0;   ///< index plus one of what may stand behind the hole
        std::uint32_t plan = 0;    ///< index plus one: the shape ends here, without a hole
        HoleKind kind{};
    };

    Node &node(std::uint32_t link) { return m_nodes[link - 1]; }
    const Node &node(std::uint32_t link) const { return m_nodes[link - 1]; }

    bool startsWith(std::string_view text, const Node &node) const
    {
        if (node.size == 0 || text.size() < node.size) {
            return node.size == 0;
        }
        // All literals behind a hole may begin alike, and hardly end alike.
        const std::string_view literal(m_literals.data() + node.begin, node.size);
        return text[node.size - 1] == literal.back() && isEqual(text.substr(0, node.size), literal);
    }
    bool isSame(const Node &node, std::string_view literal, HoleKind kind) const
    {
        return node.plan == 0 && node.kind == kind && node.size == literal.size() && startsWith(literal, node);
    }
    /// Gives the index plus one of the new node; `link`, which leads to it, may point to nothing afterwards.
    std::uint32_t append(std::uint32_t *link, std::string_view literal, HoleKind kind)
    {
        *link = static_cast<std::uint32_t>(m_nodes.size() + 1);
        Node node;
        node.begin = static_cast<std::uint32_t>(m_literals.size());
        node.size = static_cast<std::uint32_t>(literal.size());
        node.kind = kind;
        m_nodes.push_back(node);
        m_literals.append(literal);
        return static_cast<std::uint32_t>(m_nodes.size());
    }
    void clear()
    {
        m_first = 0;
        m_missed = 0;
        m_nodes.clear();
        m_literals.clear();
        m_plans.clear();
    }

    std::uint32_t m_first = 0; ///< index plus one of what a text may begin with
    std::uint32_t m_missed = 0;
    std::vector<Node> m_nodes;
    std::string m_literals;
    std::vector<Plan> m_plans;
};

} // namespace godwit::compact
