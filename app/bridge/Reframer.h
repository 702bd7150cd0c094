// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The bridge without its sockets: the XML stream of the client on one side, the messages of a WebSocket on the other.
#pragma once

#include "base/Result.h"
#include "bridge/Framing.h"
#include "bridge/StreamWriter.h"
#include "bridge/Wire.h"
#include "xml/StreamParser.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace godwit::bridge
{

/// One connection. A stream's header becomes <open/> and its end <close/> (RFC 7395 §3.3), a restart after SASL another
/// <open/>; every other element goes over as it is. Bytes of the client may come in any pieces; the client gets whole
/// elements only. One thread; nothing is called back.
class Reframer
{
public:
    /// For Wire::WebSocket or Wire::Compact.
    explicit Reframer(Wire wire);
    Reframer(const Reframer &) = delete;
    Reframer &operator=(const Reframer &) = delete;

    // Each is an error when the side broke its rules; the connection is over then.
    base::Result<base::Ok> fromClient(std::string_view bytes);
    base::Result<base::Ok> fromServer(std::string_view message);
    /// The client goes away without a word: says <close/> for it, once.
    void closeForClient();

    MessageKind messageKind() const { return m_framing->kind(); }
    /// What there is to send, in order.
    std::vector<std::string> takeMessages() { return m_framing->takeMessages(); }
    std::string takeStream() { return m_stream.take(); }

    bool clientClosed() const { return m_clientClosed; }
    bool serverClosed() const { return m_serverClosed; }

private:
    class FromClient;
    class FromServer;

    base::Result<base::Ok> outcome();
    void fail(base::Error error);

    xml::ParserPool m_pool;
    xml::StreamParser m_parser; ///< of the client's stream
    std::unique_ptr<Framing> m_framing;
    StreamWriter m_stream;
    std::optional<base::Error> m_failure;
    bool m_clientOpened = false;
    bool m_clientClosed = false;
    bool m_serverClosed = false;
};

} // namespace godwit::bridge
