// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The ways in which a session can reach its server, and what was carried on one.
#pragma once

#include <QObject>
#include <QString>

#include <cstdint>
#include <optional>

namespace godwit::bridge
{

Q_NAMESPACE

enum class Wire : std::uint8_t {
    Automatic, ///< whichever is best and works; of settings, never of a connection
    Tcp,       ///< XML over TCP with TLS
    WebSocket, ///< XML over WebSocket (RFC 7395)
    Compact,   ///< the compact wire
};
Q_ENUM_NS(Wire)

/// The word of a command line or settings file: "auto", "tcp", "websocket", "compact".
QString wireWord(Wire wire);
std::optional<Wire> wireOfWord(QStringView word);

/// Bytes of one connection in both directions, before TLS and without a WebSocket's handshake; and what the same
/// elements are as XML over TCP.
struct Traffic {
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::uint64_t xmlSent = 0;
    std::uint64_t xmlReceived = 0;

    /// How many bytes the wire saved; negative when it cost some.
    std::int64_t saved() const
    {
        return static_cast<std::int64_t>(xmlSent + xmlReceived) - static_cast<std::int64_t>(sent + received);
    }
    Traffic &operator+=(const Traffic &other)
    {
        sent += other.sent;
        received += other.received;
        xmlSent += other.xmlSent;
        xmlReceived += other.xmlReceived;
        return *this;
    }
    friend bool operator==(const Traffic &, const Traffic &) = default;
};

} // namespace godwit::bridge
