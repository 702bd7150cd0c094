// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Where QXmpp's stream ends: a listener on 127.0.0.1 that lets in one connection, which has to be our own client's.
#pragma once

#include "base/Result.h"

#include <QObject>
#include <QPointer>
#include <QTcpServer>

#include <vector>

class QTcpSocket;

namespace godwit::bridge
{

/// Another process of this machine may connect first, and would speak in the name of the account. So a connection is
/// let in only when it comes from the port that our client's socket has; nobody else can have that port. What does not
/// is dropped without a word, and once the client is in nobody is listening any more.
class LoopbackEndpoint : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    ~LoopbackEndpoint() override;

    /// Listens, and gives the port.
    base::Result<quint16> listen();
    /// The socket that is about to connect. It may die before the endpoint does.
    void expect(QAbstractSocket *client);

    /// Null until joined().
    QTcpSocket *peer() const { return m_peer; }
    /// Whether the client still can read what was written to the peer.
    bool clientReads() const;
    bool isListening() const { return m_server.isListening(); }
    /// Stops listening and cuts the connection.
    void abort();

Q_SIGNALS:
    void joined();
    /// The client has closed its socket, behind everything that it read.
    void clientLeft();

private:
    void takeConnections();
    void match();

    QTcpServer m_server;
    QPointer<QAbstractSocket> m_client;
    std::vector<QTcpSocket *> m_strangers; ///< connected before we knew our client's port
    QTcpSocket *m_peer = nullptr;
};

} // namespace godwit::bridge
