// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Cuts the XML that a server sends into the stream's header and its top-level elements, whatever pieces the network
// delivers it in. It trusts the server to send well-formed XML: it is the generator's, not the product's, parser, and
// has to cost far less than the server that is measured.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace godwit::load
{

enum class Piece {
    StreamOpen,  ///< the start tag of <stream:stream>
    Element,     ///< one complete child of the stream, text included
    StreamClose, ///< </stream:stream>
};

class Scanner
{
public:
    /// Called for each finished piece; the view is valid during the call only. Returning false ends the feed at once.
    using Sink = std::function<bool(Piece, std::string_view)>;

    /// Takes the next bytes of the connection and hands every piece that is finished to `sink`.
    /// Returns false when the bytes cannot be XML of a stream (an end tag too many, an element over elementBytesMax).
    [[nodiscard]] bool feed(std::string_view chunk, const Sink &sink);

    /// Forgets everything, for a new connection.
    void reset();

    static constexpr std::size_t elementBytesMax = 8U << 20;

private:
    enum class Step { Went, NeedMore, Stop, Broken };

    Step step(std::string_view text, const Sink &sink);
    Step finishTag(std::string_view text, std::size_t end, const Sink &sink);

    std::string m_rest;      // bytes of an unfinished piece
    std::size_t m_at = 0;    // scanned up to here, in the text of the current feed
    std::size_t m_start = 0; // where the unfinished element begins
    unsigned m_depth = 0;    // depth below the stream: 0 between its children
};

/// Name of the element whose start tag `element` begins with, prefix included.
[[nodiscard]] std::string_view elementName(std::string_view element);

/// Raw (still escaped) value of an attribute of the first start tag; a null view when it is not there.
[[nodiscard]] std::string_view attribute(std::string_view element, std::string_view name);

/// The first start tag called `name` below the outermost one, up to the end of `element`; a null view when there is
/// none. Text cannot be taken for a tag, as `<` is escaped there.
[[nodiscard]] std::string_view descendant(std::string_view element, std::string_view name);

/// What stands between the first start tag and the next tag.
[[nodiscard]] std::string_view textOf(std::string_view element);

/// What stands between the first start tag and its end tag, which is the last one of `element`.
[[nodiscard]] std::string_view contentOf(std::string_view element);

[[nodiscard]] std::string escape(std::string_view text);
[[nodiscard]] std::string unescape(std::string_view text);

} // namespace godwit::load
