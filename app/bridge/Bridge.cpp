// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "bridge/Bridge.h"

#include "compact/Limits.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QSslError>
#include <QSslSocket>
#include <QTcpSocket>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

using namespace std::chrono_literals;

namespace godwit::bridge
{

namespace
{

/// A server that does not answer <close/> within this time is left.
constexpr auto closeTimeout = 3s;

QString subprotocolOf(Wire wire)
{
    return wire == Wire::Compact ? QString::fromLatin1(compact::subprotocol) : QStringLiteral("xmpp");
}

/// RFC 6455 §5.2: a head of two bytes, a longer length, and of clients the mask.
std::uint64_t framed(std::uint64_t payload, bool masked)
{
    constexpr std::uint64_t shortMax = 125;
    constexpr std::uint64_t middleMax = 65'535;
    return payload + 2 + (payload > middleMax ? 8 : (payload > shortMax ? 2 : 0)) + (masked ? 4 : 0);
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

} // namespace

Bridge::Bridge(QUrl url, Wire wire, QObject *parent)
    : QObject(parent)
    , m_url(std::move(url))
    , m_wire(wire)
    , m_reframer(wire)
    , m_web(std::make_unique<QWebSocket>())
{
    GW_ASSERT(wire == Wire::WebSocket || wire == Wire::Compact);
    m_web->setMaxAllowedIncomingMessageSize(receiveLimits.stanzaBytesMax);
    m_web->setMaxAllowedIncomingFrameSize(receiveLimits.stanzaBytesMax);
    connect(m_web.get(), &QWebSocket::connected, this, &Bridge::onWebConnected);
    connect(m_web.get(), &QWebSocket::errorOccurred, this, &Bridge::onWebError);
    connect(m_web.get(), &QWebSocket::disconnected, this, &Bridge::onWebClosed);
    // Said when a close frame came, and when we send one. Without any the connection was torn.
    connect(m_web.get(), &QWebSocket::aboutToClose, this, [this] { m_serverCloses = true; });
    connect(m_web.get(), &QWebSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        end(Trouble::Untrusted, errors.isEmpty() ? QString() : errors.first().errorString());
    });
    connect(m_web.get(), &QWebSocket::textMessageReceived, this,
            [this](const QString &message) { onMessage(MessageKind::Text, message.toUtf8()); });
    connect(m_web.get(), &QWebSocket::binaryMessageReceived, this,
            [this](const QByteArray &message) { onMessage(MessageKind::Binary, message); });
    connect(&m_endpoint, &LoopbackEndpoint::joined, this, &Bridge::onClientJoined);
    connect(&m_endpoint, &LoopbackEndpoint::clientLeft, this, [this] {
        if (m_over) {
            tell();
        }
    });
    m_closing.setSingleShot(true);
    m_closing.setInterval(closeTimeout);
    connect(&m_closing, &QTimer::timeout, this, [this] {
        end(Trouble::None, {});
        tell();
    });
}

Bridge::~Bridge()
{
    abort();
}

bool Bridge::isAllowed(const QUrl &url, Plaintext plaintext)
{
    if (!url.isValid() || url.host().isEmpty()) {
        return false;
    }
    return url.scheme() == u"wss" ||
           (url.scheme() == u"ws" && plaintext == Plaintext::OnLoopback && isLoopback(url.host()));
}

void Bridge::connectToServer()
{
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({subprotocolOf(m_wire)});
    m_web->open(QNetworkRequest(m_url), options);
}

bool Bridge::isEncrypted() const
{
    return m_url.scheme() == u"wss";
}

QSsl::SslProtocol Bridge::tlsVersion() const
{
    const auto *tls = m_web->findChild<QSslSocket *>();
    return tls ? tls->sessionProtocol() : QSsl::UnknownProtocol;
}

void Bridge::onWebConnected()
{
    // RFC 6455 §4.1: a server that names none speaks none of those that we asked for.
    if (m_web->subprotocol() != subprotocolOf(m_wire)) {
        end(Trouble::WrongProtocol, QStringLiteral("the server does not speak ") + subprotocolOf(m_wire));
        return;
    }
    const auto port = m_endpoint.listen();
    if (!port) {
        end(Trouble::Local, QString::fromStdString(port.error().text()));
        return;
    }
    m_port = *port;
    m_ready = true;
    Q_EMIT ready();
}

void Bridge::onWebError(QAbstractSocket::SocketError error)
{
    const QString words = m_web->errorString();
    if (m_ready) {
        end(m_serverCloses ? Trouble::Closed : Trouble::Lost, words);
        return;
    }
    // Whoever answered in HTTP is still connected; to QWebSocket both are a refusal.
    const auto *tcp = m_web->findChild<QTcpSocket *>();
    const bool answered = tcp && tcp->state() == QAbstractSocket::ConnectedState;
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
        end(Trouble::NotFound, words);
        break;
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        end(Trouble::Untrusted, words);
        break;
    case QAbstractSocket::SocketTimeoutError:
        end(Trouble::Timeout, words);
        break;
    case QAbstractSocket::RemoteHostClosedError:
        end(Trouble::NoWebSocket, words);
        break;
    default:
        end(answered ? Trouble::NoWebSocket : Trouble::Refused, words);
        break;
    }
}

void Bridge::onWebClosed()
{
    if (m_reframer.clientClosed()) {
        end(Trouble::None, {});
    } else if (m_ready) {
        end(m_serverCloses ? Trouble::Closed : Trouble::Lost, m_web->closeReason());
    } else {
        // An error that says more comes behind this.
        QMetaObject::invokeMethod(
            this, [this] { end(Trouble::NoWebSocket, m_web->errorString()); }, Qt::QueuedConnection);
    }
}

void Bridge::onMessage(MessageKind kind, QByteArrayView message)
{
    if (m_over) {
        return;
    }
    m_traffic.received += framed(static_cast<std::uint64_t>(message.size()), false);
    if (kind != m_reframer.messageKind()) {
        end(Trouble::Garbled, QStringLiteral("a message of the wrong kind"));
        return;
    }
    const auto read = m_reframer.fromServer({message.data(), static_cast<std::size_t>(message.size())});
    pump();
    if (!read) {
        end(Trouble::Garbled, QString::fromStdString(read.error().text()));
    } else if (m_reframer.clientClosed() && m_reframer.serverClosed()) {
        m_web->close();
    }
}

void Bridge::onClientJoined()
{
    QTcpSocket *client = m_endpoint.peer();
    client->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(client, &QTcpSocket::readyRead, this, &Bridge::onClientData);
    connect(client, &QTcpSocket::disconnected, this, &Bridge::onClientGone);
    if (client->bytesAvailable() > 0) {
        onClientData();
    }
    if (client->state() == QAbstractSocket::UnconnectedState) {
        onClientGone();
    }
}

void Bridge::onClientData()
{
    if (m_over) {
        return;
    }
    const QByteArray bytes = m_endpoint.peer()->readAll();
    m_traffic.xmlSent += static_cast<std::uint64_t>(bytes.size());
    const auto done = m_reframer.fromClient({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    pump();
    if (!done) {
        end(Trouble::Garbled, QString::fromStdString(done.error().text()));
    }
}

/// The client has closed its end: if it ended its stream before, the server is given time to do so too.
void Bridge::onClientGone()
{
    if (m_over) {
        return;
    }
    if (!m_reframer.clientClosed() || m_reframer.serverClosed()) {
        end(Trouble::None, {});
    } else {
        m_closing.start();
    }
}

/// Sends what there is to send, on both sides.
void Bridge::pump()
{
    for (const std::string &message : m_reframer.takeMessages()) {
        m_traffic.sent += framed(message.size(), true);
        if (m_reframer.messageKind() == MessageKind::Binary) {
            m_web->sendBinaryMessage(QByteArray::fromStdString(message));
        } else {
            m_web->sendTextMessage(QString::fromStdString(message));
        }
    }
    const std::string stream = m_reframer.takeStream();
    if (!stream.empty() && m_endpoint.peer()) {
        m_traffic.xmlReceived += stream.size();
        m_endpoint.peer()->write(stream.data(), static_cast<qint64>(stream.size()));
    }
}

void Bridge::finish()
{
    if (m_over) {
        return;
    }
    if (!m_ready) {
        end(Trouble::None, {});
        return;
    }
    // What the client wrote a moment ago lies in the loopback; this reads it and waits for nothing.
    if (QTcpSocket *client = m_endpoint.peer()) {
        while (!m_over && client->waitForReadyRead(0)) {
        }
    }
    if (!m_over) {
        m_reframer.closeForClient();
        pump();
        m_web->flush();
        m_closing.start();
    }
}

void Bridge::abort()
{
    m_over = true;
    m_told = true;
    m_closing.stop();
    m_endpoint.abort();
    m_web->disconnect(this);
    m_web->abort();
}

void Bridge::end(Trouble trouble, const QString &words)
{
    if (std::exchange(m_over, true)) {
        return;
    }
    m_trouble = trouble;
    m_words = words;
    if (trouble == Trouble::Closed && m_endpoint.clientReads()) {
        // What the server said last, why it goes among it, is still for the client to read. Its socket says when it
        // has: ours is closed as soon as the system has taken the bytes.
        m_endpoint.peer()->disconnectFromHost();
        m_closing.start();
    } else {
        tell();
    }
}

void Bridge::tell()
{
    m_closing.stop();
    if (!std::exchange(m_told, true)) {
        Q_EMIT ended(m_trouble, m_words);
    }
}

} // namespace godwit::bridge
