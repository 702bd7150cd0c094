// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The stream from the server as a peer cuts it: whole top-level elements. Written apart from the server's own parser,
// which is among what is checked.
#pragma once

#include "ledger/LogStore.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace godwit::sim
{

/// A top-level element, the opening tag of a stream, or its end ("</stream:stream>").
struct Frame {
    std::string text;
    std::uint64_t end = 0; ///< count of bytes of the connection up to its last one
};

class FrameCutter
{
public:
    /// Cuts what was written into frames behind those that are there.
    void feed(std::string_view bytes, std::deque<Frame> &frames);
    /// Some of a frame is there and its end is not.
    bool inside() const { return !m_held.empty(); }

private:
    void onTag(std::deque<Frame> &frames);

    std::string m_held; ///< of the frame that is not whole
    std::size_t m_tag = 0;
    std::uint64_t m_count = 0;
    unsigned m_depth = 0;
    char m_quote = 0;
    bool m_inTag = false;
};

/// "message", "iq", "a", "stream:features"; "/stream:stream" for the end.
std::string_view nameOf(std::string_view frame);
/// An attribute of the first tag.
std::string_view attributeOf(std::string_view frame, std::string_view name);
/// The text between <name> and </name>, wherever it is.
std::string_view textOf(std::string_view frame, std::string_view name);
bool contains(std::string_view frame, std::string_view part);

enum class CopyKind : std::uint8_t { Direct, Carbon, Archive };

/// A row of the log as it was shown to a client.
struct Copy {
    std::string id;
    std::string by;
    std::string token; ///< the body, by which the simulation knows each message
    CopyKind kind = CopyKind::Direct;
};
/// Nothing when the frame shows no row.
std::optional<Copy> copyIn(std::string_view frame);

} // namespace godwit::sim
