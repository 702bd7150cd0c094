// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Finds where a top-level element ends, byte by byte and resumable, before anything is parsed. So an unfinished element
// costs its bytes and this state, never an XML parser, and each byte is looked at once however the input is cut. It
// knows tags, quotes and CDATA sections and checks the bounds of XmlLimits; everything else is the parser's judgement.
// It cannot be fooled to anybody's gain: what it cuts out must parse as exactly one element.
//
//   Start --<--> Markup --name--> Name --> InTag <--> Quoted      (in InTag: '>' opens, '/>' closes)
//                  |                          |
//                  |--/--> EndName --> EndTag | --> Text --<--> Markup
//                  |--!--> Bang --[CDATA[--> Cdata --]]>--> Text
//                  `--?--> Declaration (in front of a stream header only)
#pragma once

#include "xml/StreamParser.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace godwit::xml
{

class ElementScanner
{
public:
    enum class Until : std::uint8_t {
        ElementEnd, ///< one element, or the end tag of the stream
        HeaderEnd,  ///< an XML declaration if there is one, and the start tag of the stream
    };
    enum class Verdict : std::uint8_t { NeedMore, Complete, StreamEnd, Restricted, Malformed, TooLarge };

    /// Begins anew; the first byte to be scanned is '<'. Keeps its memory.
    void reset(Until until);
    /// Looks at more bytes. `used` is how many of them belong to the element.
    Verdict scan(std::string_view bytes, const XmlLimits &limits, std::size_t &used);

private:
    enum class State : std::uint8_t {
        Start,
        Prolog,
        Declaration,
        Markup,
        Name,
        InTag,
        Slash,
        Quoted,
        Text,
        EndName,
        EndTag,
        Bang,
        Cdata,
    };
    class Run;

    State m_state = State::Start;
    Until m_until = Until::ElementEnd;
    char m_quote = 0;
    std::uint8_t m_matched = 0;
    bool m_declared = false;
    std::uint32_t m_attributes = 0;
    std::uint32_t m_elements = 0;
    std::uint32_t m_hash = 0;
    /// Hashes of the names of the open elements: an end tag with another name ends the stream at once.
    std::vector<std::uint32_t> m_open;
};

} // namespace godwit::xml
