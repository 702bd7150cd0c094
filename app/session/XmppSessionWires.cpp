// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How XmppSession connects: the wires, one after the other, the bridge to those that QXmpp does not speak, and the
// token that stands for the password.

#include "session/XmppSession.h"

#include "base/Log.h"
#include "bridge/HostMeta.h"
#include "session/LoginToken.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QSslSocket>
#include <QSysInfo>
#include <QXmppClient.h>
#include <QXmppConfiguration.h>
#include <QXmppSasl2UserAgent.h>
#include <QXmppUtils.h>

using namespace std::chrono_literals;

namespace godwit::session
{

using bridge::Bridge;
using bridge::Wire;
using bridge::WirePlan;

namespace
{

/// A server that does not finish signing in within this time is given up.
constexpr auto connectTimeout = 30s;
/// A wire that leads to nobody within this time is left for the next one.
constexpr auto wireTimeout = 10s;

/// "host:port" or "[address]:port"; without a port the usual one.
std::pair<QString, int> hostAndPort(const QString &server)
{
    const qsizetype colon = server.lastIndexOf(u':');
    if (colon < 0 || server.endsWith(u']')) {
        return {QString(server).remove(u'[').remove(u']'), 5222};
    }
    return {server.first(colon).remove(u'[').remove(u']'), server.sliced(colon + 1).toInt()};
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

QString tlsWords(QSsl::SslProtocol protocol)
{
    return protocol == QSsl::TlsV1_3 ? QStringLiteral("TLS 1.3") : QStringLiteral("TLS 1.2");
}

WirePlan::Fault faultOf(Bridge::Trouble trouble)
{
    switch (trouble) {
    case Bridge::Trouble::NotFound:
    case Bridge::Trouble::Refused:
    case Bridge::Trouble::Timeout:
    case Bridge::Trouble::Untrusted:
        return WirePlan::Fault::Address;
    case Bridge::Trouble::WrongProtocol:
        return WirePlan::Fault::Protocol;
    default:
        return WirePlan::Fault::Wire;
    }
}

} // namespace

void XmppSession::planWires()
{
    m_plan.begin({.wire = m_login.wire,
                  // Whoever said where the server is did not say where its WebSocket is.
                  .web = m_login.server.isEmpty() || !m_login.webSocket.isEmpty(),
                  .thrifty = m_thrifty});
    m_webSocket = m_login.webSocket.isEmpty() ? m_login.webSocketHint : m_login.webSocket;
    m_roundTrouble.clear();
}

void XmppSession::setThrifty(bool thrifty)
{
    if (std::exchange(m_thrifty, thrifty) == thrifty || !m_wanted) {
        return;
    }
    planWires();
    if (m_state == State::Online && m_plan.current() != m_wire) {
        // Dropped without a word: the session goes on over the other wire.
        onLost();
        retryNow();
    }
}

QString XmppSession::wire() const
{
    if (m_state != State::Online) {
        return {};
    }
    QString encryption = tr("not encrypted");
    if (m_bridge && m_bridge->isEncrypted()) {
        encryption = tlsWords(m_bridge->tlsVersion());
    } else if (const QSslSocket *tcp = socket(); !m_bridge && tcp && tcp->isEncrypted()) {
        encryption = tlsWords(tcp->sessionProtocol());
    }
    switch (m_wire) {
    case Wire::WebSocket:
        return tr("%1, WebSocket").arg(encryption);
    case Wire::Compact:
        return tr("%1, compact").arg(encryption);
    default:
        return encryption;
    }
}

bridge::Traffic XmppSession::traffic() const
{
    bridge::Traffic all = m_past;
    if (m_bridge) {
        all += m_bridge->traffic();
    }
    return all;
}

QXmppConfiguration XmppSession::configuration() const
{
    QXmppConfiguration configuration;
    configuration.setJid(m_login.address);
    // The password is a part of QXmpp's credentials, so it goes behind them.
    configuration.setCredentials(tokenOf(m_token));
    configuration.setPassword(m_login.password);
    configuration.setResource(m_login.resource);
    configuration.setResourcePrefix(QStringLiteral("Godwit"));
    configuration.setSasl2UserAgent(
        QXmppSasl2UserAgent(m_login.device, QStringLiteral("Godwit"), QSysInfo::prettyProductName()));
    configuration.setUseNonSASLAuthentication(false);
    configuration.setAutoReconnectionEnabled(false);
    // QXmpp gives up the stream's resumption when its own pings fail; probe() does not.
    configuration.setKeepAliveInterval(0);
    configuration.setIgnoreSslErrors(false);
    configuration.setStreamSecurityMode(m_login.plaintextOnLoopback ? QXmppConfiguration::TLSDisabled
                                                                    : QXmppConfiguration::TLSRequired);
    if (!m_login.server.isEmpty()) {
        const auto [host, port] = hostAndPort(m_login.server);
        configuration.setHost(host);
        configuration.setPort(port);
    }
    return configuration;
}

void XmppSession::setToken(const QString &token)
{
    if (std::exchange(m_token, token) != token) {
        Q_EMIT tokenChanged(token);
    }
}

/// After a refusal. A token that is expired, taken back or unknown says nothing about the password, which is tried at
/// once and on the same wire. QXmpp gives up the resumption when a login fails, so the next stream is a fresh one.
bool XmppSession::fallsBackToPassword()
{
    if (!m_byToken || m_notNow) {
        return false;
    }
    base::log(base::LogLevel::Debug, "session", "the token was refused");
    setToken({});
    m_byToken = false;
    m_atOnce = true;
    onLost();
    return true;
}

void XmppSession::connectNow()
{
    m_wire = m_plan.current();
    if (m_wire == Wire::Tcp && m_login.plaintextOnLoopback && !isLoopback(hostAndPort(m_login.server).first)) {
        refuse(tr("Without encryption only a server on this machine is talked to."));
        return;
    }
    m_retry.stop();
    m_retryAt = {};
    m_certificateTrouble.clear();
    m_fault = WirePlan::Fault::Wire;
    m_notNow = false;
    dropBridge();
    const bool fresh = std::exchange(m_freshNext, false);
    if (!m_client || fresh) {
        buildClient();
    } else if (m_client->state() != QXmppClient::DisconnectedState) {
        // A socket that still tries: drop it without a word, so that the stream can be resumed.
        m_losing = true;
        socket()->abort();
        m_losing = false;
    }
    m_connectDeadline.start(m_plan.hasOther() ? wireTimeout : connectTimeout);
    setState(State::Connecting);
    if (m_wire != Wire::Tcp) {
        lookUpWebSocket();
        return;
    }
    m_bridgePort = 0;
    m_client->connectToServer(configuration());
}

/// Somebody is there: signing in may take its time.
void XmppSession::onReached()
{
    if (m_state == State::Connecting) {
        m_connectDeadline.start(connectTimeout);
    }
}

void XmppSession::lookUpWebSocket()
{
    if (!m_webSocket.isEmpty()) {
        openBridge(m_webSocket);
        return;
    }
    if (!m_hostMeta) {
        m_hostMeta = new bridge::HostMeta(this);
    }
    const QString domain = QXmppUtils::jidToDomain(m_login.address);
    m_hostMeta->ask(bridge::HostMeta::placeOf(domain), [this, domain](const base::Result<QUrl> &found) {
        if (found) {
            m_webSocket = *found;
            openBridge(*found);
            return;
        }
        base::log(base::LogLevel::Debug, "session", "no WebSocket", {{"why", found.error().text()}});
        m_fault = WirePlan::Fault::Address;
        m_trouble = tr("The server %1 does not say where its WebSocket is.").arg(domain);
        onLost();
    });
}

void XmppSession::openBridge(const QUrl &url)
{
    if (!Bridge::isAllowed(url,
                           m_login.plaintextOnLoopback ? Bridge::Plaintext::OnLoopback : Bridge::Plaintext::Never)) {
        refuse(tr("Without encryption only a server on this machine is talked to."));
        return;
    }
    m_bridge = new Bridge(url, m_wire, this);
    connect(m_bridge, &Bridge::ready, this, &XmppSession::joinBridge);
    connect(m_bridge, &Bridge::ended, this, &XmppSession::onBridgeEnded);
    m_bridge->connectToServer();
}

/// The WebSocket is there: QXmpp gets the bridge for its server. TLS is the WebSocket's, so QXmpp uses none.
void XmppSession::joinBridge()
{
    onReached();
    QXmppConfiguration here = configuration();
    here.setStreamSecurityMode(QXmppConfiguration::TLSDisabled);
    here.setHost(QStringLiteral("127.0.0.1"));
    here.setPort(m_bridge->port());
    here.setNetworkProxy(QNetworkProxy::NoProxy);
    m_bridgePort = m_bridge->port();
    m_bridge->expect(socket());
    m_client->connectToServer(here);
}

/// QXmpp has addresses of its own: what it looked up for an earlier connection, where a server wants a stream to be
/// resumed. It must not go there without TLS.
bool XmppSession::goesAstray() const
{
    const QSslSocket *tcp = socket();
    return m_bridgePort != 0 && tcp && tcp->state() == QAbstractSocket::ConnectedState &&
           (!tcp->peerAddress().isLoopback() || tcp->peerPort() != m_bridgePort);
}

void XmppSession::onSent(const QString &text)
{
    // Before the bytes are written; QXmpp looks at the socket once more behind this.
    if (goesAstray()) {
        m_freshNext = true;
        socket()->abort();
        return;
    }
    if (!m_bridge) {
        const auto bytes = static_cast<std::uint64_t>(text.toUtf8().size());
        m_past += {.sent = bytes, .received = 0, .xmlSent = bytes, .xmlReceived = 0};
    }
    m_tap.sent(text);
}

void XmppSession::onReceived(const QString &text)
{
    heard();
    if (!m_bridge) {
        const auto bytes = static_cast<std::uint64_t>(text.toUtf8().size());
        m_past += {.sent = 0, .received = bytes, .xmlSent = 0, .xmlReceived = bytes};
    }
    m_tap.received(text);
}

void XmppSession::onBridgeEnded(Bridge::Trouble trouble, const QString &words)
{
    base::log(base::LogLevel::Debug, "session", "the bridge has ended", {{"why", words.toStdString()}});
    m_fault = faultOf(trouble);
    if (m_login.webSocket.isEmpty() &&
        (m_fault == WirePlan::Fault::Address || trouble == Bridge::Trouble::NoWebSocket)) {
        // It may have moved: looked up again the next time.
        m_webSocket.clear();
    }
    const QString host = m_bridge->url().host();
    switch (trouble) {
    case Bridge::Trouble::None:
    case Bridge::Trouble::Closed:
        // QXmpp may have been told why.
        break;
    case Bridge::Trouble::NotFound:
        m_trouble = tr("The server %1 cannot be found.").arg(host);
        break;
    case Bridge::Trouble::Refused:
    case Bridge::Trouble::Timeout:
        m_trouble = tr("The server %1 cannot be reached.").arg(host);
        break;
    case Bridge::Trouble::Untrusted:
        m_trouble = tr("The server cannot prove that it is %1: %2").arg(host, words);
        break;
    case Bridge::Trouble::NoWebSocket:
        m_trouble = tr("The server %1 has no WebSocket at this address.").arg(host);
        break;
    case Bridge::Trouble::WrongProtocol:
        m_trouble = m_wire == Wire::Compact ? tr("The server does not speak the compact wire.")
                                            : tr("The server speaks no XMPP over WebSocket.");
        break;
    case Bridge::Trouble::Lost:
        m_trouble = tr("The connection was lost.");
        break;
    case Bridge::Trouble::Garbled:
        m_trouble = tr("The server sent something that cannot be read.");
        break;
    case Bridge::Trouble::Local:
        m_trouble = tr("This device allows no connection.");
        break;
    }
    onLost();
}

/// Cuts it when the stream is to be resumed, else ends it properly.
void XmppSession::dropBridge()
{
    if (m_hostMeta) {
        m_hostMeta->cancel();
    }
    Bridge *old = std::exchange(m_bridge, nullptr);
    if (!old) {
        return;
    }
    old->disconnect(this);
    if (m_wanted && !m_freshNext) {
        old->abort();
        m_past += old->traffic();
        old->deleteLater();
        return;
    }
    connect(old, &Bridge::ended, old, &QObject::deleteLater);
    old->finish();
    m_past += old->traffic();
}

/// After a wire that did not get us in: whether the next one is being tried. Else the round is over.
bool XmppSession::triesAnotherWire()
{
    if (m_roundTrouble.isEmpty()) {
        m_roundTrouble = m_trouble;
    }
    if (m_plan.failed(m_fault)) {
        m_retry.start(0ms);
        return true;
    }
    // What kept the best wire from working is what a person can do something about.
    m_trouble = std::exchange(m_roundTrouble, {});
    return false;
}

} // namespace godwit::session
