// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/LoopbackEndpoint.h"

#include <QHostAddress>
#include <QTcpSocket>

#include <utility>

namespace godwit::bridge
{

namespace
{

/// Connections that wait to be told from our own. Who fills this up keeps us from connecting, and gets nothing for it.
constexpr std::size_t strangersMax = 16;

void drop(QTcpSocket *socket)
{
    socket->abort();
    socket->deleteLater();
}

} // namespace

LoopbackEndpoint::~LoopbackEndpoint()
{
    abort();
}

base::Result<quint16> LoopbackEndpoint::listen()
{
    connect(&m_server, &QTcpServer::newConnection, this, &LoopbackEndpoint::takeConnections);
    if (!m_server.listen(QHostAddress::LocalHost)) {
        return base::Error(base::ErrorCode::Unavailable, m_server.errorString().toStdString());
    }
    return m_server.serverPort();
}

void LoopbackEndpoint::expect(QAbstractSocket *client)
{
    m_client = client;
    connect(client, &QAbstractSocket::connected, this, &LoopbackEndpoint::match);
    connect(client, &QAbstractSocket::disconnected, this, &LoopbackEndpoint::clientLeft);
    match();
}

bool LoopbackEndpoint::clientReads() const
{
    return m_peer && m_peer->state() == QAbstractSocket::ConnectedState && m_client &&
           m_client->state() == QAbstractSocket::ConnectedState;
}

void LoopbackEndpoint::takeConnections()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        if (m_strangers.size() >= strangersMax) {
            drop(socket);
        } else {
            m_strangers.push_back(socket);
        }
    }
    match();
}

void LoopbackEndpoint::match()
{
    // Until then its port is not known.
    if (m_peer || !m_client || m_client->state() != QAbstractSocket::ConnectedState) {
        return;
    }
    for (QTcpSocket *socket : std::exchange(m_strangers, {})) {
        if (!m_peer && socket->peerPort() == m_client->localPort() && socket->peerAddress().isLoopback() &&
            m_client->peerPort() == m_server.serverPort()) {
            m_peer = socket;
        } else {
            drop(socket);
        }
    }
    if (m_peer) {
        m_server.close();
        m_peer->setParent(this);
        Q_EMIT joined();
    }
}

void LoopbackEndpoint::abort()
{
    m_server.close();
    for (QTcpSocket *socket : std::exchange(m_strangers, {})) {
        drop(socket);
    }
    if (m_peer) {
        m_peer->abort();
    }
}

} // namespace godwit::bridge
