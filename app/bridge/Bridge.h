// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Joins a client that speaks XML over TCP to a server by WebSocket, as XML or on the compact wire.
#pragma once

#include "bridge/LoopbackEndpoint.h"
#include "bridge/Reframer.h"
#include "bridge/Wire.h"

#include <QAbstractSocket>
#include <QObject>
#include <QSsl>
#include <QTimer>
#include <QUrl>

#include <memory>

class QWebSocket;

namespace godwit::bridge
{

/// One connection, from connectToServer() to ended(). Lives in the thread of the client.
class Bridge : public QObject
{
    Q_OBJECT

public:
    /// Why there is no connection (any more).
    enum class Trouble {
        None,          ///< closed by us
        NotFound,      ///< the host's name leads nowhere
        Refused,       ///< nobody answers at that address
        Timeout,       ///< it took too long
        Untrusted,     ///< the certificate or TLS itself is wrong
        NoWebSocket,   ///< something else than a WebSocket answers there
        WrongProtocol, ///< it does not speak this wire
        Lost,          ///< it was there and broke
        Closed,        ///< the server closed it
        Garbled,       ///< what came cannot be read
        Local,         ///< this machine refuses a socket
    };
    Q_ENUM(Trouble)

    /// `wire` is WebSocket or Compact.
    Bridge(QUrl url, Wire wire, QObject *parent = nullptr);
    ~Bridge() override;

    /// Whether a connection may be made there at all: with TLS anywhere; without it only to this machine, where nobody
    /// can listen, and only if `plaintext` says so.
    enum class Plaintext { Never, OnLoopback };
    static bool isAllowed(const QUrl &url, Plaintext plaintext);

    void connectToServer();
    /// Where the client has to connect to, after ready(): this port of 127.0.0.1.
    quint16 port() const { return m_port; }
    /// The socket with which it does.
    void expect(QAbstractSocket *client) { m_endpoint.expect(client); }
    /// Ends the stream properly: what the client has written goes out, then <close/>. ended() follows.
    void finish();
    /// Cuts everything at once; the server may keep the session for a while. Nothing is emitted.
    void abort();

    const QUrl &url() const { return m_url; }
    Wire wire() const { return m_wire; }
    bool isEncrypted() const;
    /// Of the connection; UnknownProtocol without TLS.
    QSsl::SslProtocol tlsVersion() const;
    const Traffic &traffic() const { return m_traffic; }

Q_SIGNALS:
    /// The server is connected; now it is the client's turn.
    void ready();
    /// The connection is over, or was never made; emitted once. The words are for a log.
    void ended(godwit::bridge::Bridge::Trouble trouble, const QString &words);

private:
    void onWebConnected();
    void onWebError(QAbstractSocket::SocketError error);
    void onWebClosed();
    void onMessage(MessageKind kind, QByteArrayView message);
    void onClientJoined();
    void onClientData();
    void onClientGone();
    void pump();
    void end(Trouble trouble, const QString &words);
    void tell();

    const QUrl m_url;
    const Wire m_wire;
    Reframer m_reframer;
    LoopbackEndpoint m_endpoint;
    std::unique_ptr<QWebSocket> m_web;
    QTimer m_closing; ///< how long the server may take to answer <close/>
    quint16 m_port = 0;
    Traffic m_traffic;
    Trouble m_trouble = Trouble::None;
    QString m_words;
    bool m_ready = false;
    bool m_serverCloses = false;
    bool m_over = false;
    bool m_told = false;
};

} // namespace godwit::bridge
