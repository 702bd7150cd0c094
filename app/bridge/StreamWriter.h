// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Writes the XML stream that the client at the loopback end reads, as a server on TCP would have written it.
#pragma once

#include "xml/StreamParser.h"

#include <string>
#include <string_view>
#include <utility>

namespace godwit::bridge
{

/// What would make the client leave the bridge is taken out: another place to resume at (XEP-0198 §3) and another host
/// to go to (RFC 6120 §4.9.3.19). It would go there over TCP, and without the TLS that the WebSocket has.
class StreamWriter
{
public:
    void open(const xml::StreamHeader &header);
    /// A whole element that is written out.
    void written(std::string_view element) { m_text += element; }
    void nonza(xml::ElementView element);
    void close();

    std::string take() { return std::exchange(m_text, {}); }

private:
    std::string m_text;
    bool m_open = false;
};

} // namespace godwit::bridge
