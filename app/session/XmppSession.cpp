// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/XmppSession.h"

#include "base/Log.h"
#include "session/LoginToken.h"
#include "session/RawStanza.h"
#include "session/StanzaIntake.h"

#include <QRandomGenerator>
#include <QSslSocket>
#include <QXmppAuthenticationError.h>
#include <QXmppBindError.h>
#include <QXmppClient.h>
#include <QXmppDiscoveryManager.h>
#include <QXmppEntityTimeManager.h>
#include <QXmppError.h>
#include <QXmppPresence.h>
#include <QXmppStreamError.h>
#include <QXmppUtils.h>
#include <QXmppVersionManager.h>

using namespace std::chrono_literals;

namespace godwit::session
{

namespace
{

/// Silence after which the server is asked whether it is there, and how long it may take to answer.
constexpr auto idleTimeout = 60s;
constexpr auto probeTimeout = 20s;
/// Another device with our resource, or a server that throws us out: no hurry to throw it out in turn.
constexpr auto conflictWait = 60s;

} // namespace

XmppSession::XmppSession(QObject *parent)
    : Session(parent)
    , m_tap({
          .enabled =
              [this] {
                  m_counting = true;
                  m_presence.began();
                  Q_EMIT countingStarted();
              },
          .acknowledged =
              [this](std::uint32_t h) {
                  m_presence.acknowledged(h);
                  Q_EMIT acknowledged(h);
              },
          .resumed =
              [this](std::uint32_t h) {
                  m_counting = true;
                  m_presence.resumed(h);
                  Q_EMIT resumed(h);
              },
          .resumeFailed =
              [this](std::optional<std::uint32_t> h) {
                  m_counting = false;
                  Q_EMIT resumeFailed(h);
              },
          .stanza =
              [this](bool ownPresence) {
                  if (m_counting) {
                      ++m_written;
                      m_presence.wrote(ownPresence);
                      Q_EMIT counted(m_tag);
                  }
              },
          .aboutToAck = [this] { beforeAck(); },
          .authenticating =
              [this](bool byToken) {
                  m_byToken = byToken;
                  if (!byToken && !m_token.isEmpty()) {
                      // The server takes none of its kind; without it QXmpp asks for another the next time.
                      setToken({});
                  }
              },
          .notNow = [this] { m_notNow = true; },
          .limitTold = [this](std::uint64_t stanzaBytesMax) { Q_EMIT limitTold(stanzaBytesMax); },
          .faulted =
              [this] {
                  if (m_open) {
                      Q_EMIT faulted();
                  }
              },
      })
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &XmppSession::connectNow);
    m_connectDeadline.setSingleShot(true);
    connect(&m_connectDeadline, &QTimer::timeout, this, [this] {
        m_trouble = tr("The server does not answer.");
        onLost();
    });
    m_idle.setSingleShot(true);
    m_idle.setInterval(idleTimeout);
    connect(&m_idle, &QTimer::timeout, this, &XmppSession::probe);
    m_probeDeadline.setSingleShot(true);
    m_probeDeadline.setInterval(probeTimeout);
    connect(&m_probeDeadline, &QTimer::timeout, this, [this] {
        m_trouble = tr("The connection is dead.");
        onLost();
    });
}

XmppSession::~XmppSession()
{
    dropClient();
}

void XmppSession::open(const Login &login)
{
    // Another password or server must not meet the old stream.
    m_freshNext = m_freshNext || m_login.address != login.address || m_login.server != login.server;
    m_login = login;
    m_token = login.token;
    planWires();
    m_wanted = true;
    m_backoff.reset();
    m_trouble.clear();
    if (m_state == State::Online) {
        return;
    }
    connectNow();
}

void XmppSession::retryNow()
{
    if (m_state == State::Waiting) {
        m_backoff.reset();
        connectNow();
    }
}

void XmppSession::close()
{
    m_wanted = false;
    m_retry.stop();
    m_retryAt = {};
    m_trouble.clear();
    if (m_client && m_client->state() != QXmppClient::DisconnectedState) {
        m_client->disconnectFromServer();
    }
    onLost();
    setState(State::Offline);
}

void XmppSession::setActive(bool active)
{
    m_active = active;
    if (m_client) {
        m_client->setActive(active);
    }
}

void XmppSession::buildClient()
{
    dropClient();
    m_client = new QXmppClient(QXmppClient::NoExtensions, this);
    m_client->setLogger(nullptr);
    m_client->addExtension(new StanzaIntake(
        m_login.address,
        {
            .message = [this](const Incoming &message) { Q_EMIT received(message); },
            .archived =
                [this](const QString &queryId, const Incoming &item) {
                    if (const auto found = m_archiveItems.find(queryId); found != m_archiveItems.end()) {
                        found->second(item);
                    }
                },
            .presence = [this](const Presence &presence) { Q_EMIT presenceReceived(presence); },
            .subscriptionRequested = [this](const QString &address) { Q_EMIT subscriptionRequested(address); },
            .subscriptionWithdrawn = [this](const QString &address) { Q_EMIT subscriptionWithdrawn(address); },
            .rosterPushed = [this](const RosterItem &item) { Q_EMIT rosterPushed(item); },
        }));
    m_client->addNewExtension<QXmppDiscoveryManager>();
    m_client->addNewExtension<QXmppVersionManager>();
    m_client->addNewExtension<QXmppEntityTimeManager>();
    m_client->setActive(m_active);

    // Directly connected: sent() must run before the bytes are written, received() before they are handled.
    connect(m_client, &QXmppLoggable::logMessage, this, [this](QXmppLogger::MessageType type, const QString &text) {
        if (type == QXmppLogger::SentMessage) {
            onSent(text);
        } else if (type == QXmppLogger::ReceivedMessage) {
            onReceived(text);
        } else if (type == QXmppLogger::WarningMessage) {
            base::log(base::LogLevel::Debug, "session", text.toStdString());
        }
    });
    connect(m_client, &QXmppClient::connected, this, &XmppSession::onConnected);
    connect(m_client, &QXmppClient::credentialsChanged, this,
            [this] { setToken(textOf(m_client->configuration().credentials())); });
    connect(m_client, &QXmppClient::disconnected, this, &XmppSession::onLost);
    connect(m_client, &QXmppClient::errorOccurred, this, &XmppSession::onError);
    connect(m_client, &QXmppClient::sslErrors, this, [this](const QList<QSslError> &errors) {
        m_certificateTrouble = tr("The server cannot prove that it is %1: %2")
                                   .arg(QXmppUtils::jidToDomain(m_login.address), errors.value(0).errorString());
    });
    if (auto *tcp = socket()) {
        connect(tcp, &QSslSocket::connected, this, &XmppSession::onReached);
    }
    m_rosterKnown = false;
    m_carbons = false;
}

void XmppSession::dropClient()
{
    if (QXmppClient *old = std::exchange(m_client, nullptr)) {
        old->disconnect(this);
        if (auto *tcp = old->findChild<QSslSocket *>()) {
            tcp->abort();
        }
        // It may be the caller.
        old->deleteLater();
    }
    m_counting = false;
    failAsked();
}

QSslSocket *XmppSession::socket() const
{
    return m_client ? m_client->findChild<QSslSocket *>() : nullptr;
}

void XmppSession::onConnected()
{
    m_connectDeadline.stop();
    m_backoff.reset();
    m_trouble.clear();
    m_roundTrouble.clear();
    m_plan.worked();
    if (m_bridge && m_login.webSocket.isEmpty() && m_webSocket != m_login.webSocketHint) {
        m_login.webSocketHint = m_webSocket;
        Q_EMIT webSocketFound(m_webSocket);
    }
    const auto management = m_client->streamManagementState();
    const Opening opening = management == QXmppClient::ResumedStream ? Opening::Resumed : Opening::Fresh;
    m_ownCount = management == QXmppClient::NoStreamManagement;
    if (m_ownCount) {
        m_counting = true;
        m_written = 0;
        Q_EMIT countingStarted();
    }
    m_open = true;
    setState(State::Online);
    heard();
    afterOpening(opening);
    Q_EMIT opened(opening);
    if (opening == Opening::Resumed && m_presence.isMissing()) {
        m_client->sendPacket(m_client->clientPresence());
    }
}

void XmppSession::afterOpening(Opening opening)
{
    if (opening == Opening::Fresh) {
        m_rosterKnown = false;
        m_carbons = false;
    }
    if (!m_rosterKnown) {
        requestRoster();
    }
    if (!m_carbons) {
        struct EnableCarbons : QXmppIq {
            EnableCarbons()
                : QXmppIq(QXmppIq::Set)
            {
            }
            void toXmlElementFromChild(QXmlStreamWriter *writer) const override
            {
                writer->writeStartElement(QLatin1StringView("enable"));
                writer->writeDefaultNamespace(QLatin1StringView("urn:xmpp:carbons:2"));
                writer->writeEndElement();
            }
        };
        ask(EnableCarbons(), [this](const base::Result<QDomElement> &result) {
            // A server that refuses has no carbons: then what arrives is all that can arrive.
            m_carbons = result.ok() || result.error().code() != base::ErrorCode::Unavailable;
            if (m_carbons) {
                Q_EMIT carbonsEnabled();
            }
        });
    }
}

void XmppSession::onError(const QXmppError &error)
{
    if (const auto refusal = error.value<QXmpp::AuthenticationError>()) {
        using Type = QXmpp::AuthenticationError::Type;
        if (fallsBackToPassword()) {
            return;
        }
        // QXmpp has one word for "wrong" and "not now".
        switch (m_notNow ? Type::ProcessingError : refusal->type) {
        case Type::ProcessingError:
            m_trouble = tr("The server could not check the password.");
            break;
        case Type::AccountDisabled:
            refuse(tr("The server has disabled this account."));
            return;
        case Type::MechanismMismatch:
            refuse(tr("The server offers no way to sign in that is safe on this connection."));
            return;
        case Type::EncryptionRequired:
            refuse(tr("The server wants an encrypted connection."));
            return;
        default:
            refuse(tr("The address or the password is wrong."));
            return;
        }
    } else if (const auto stream = error.value<QXmpp::StreamError>()) {
        if (*stream == QXmpp::StreamError::HostUnknown) {
            refuse(tr("The server does not know the domain %1.").arg(QXmppUtils::jidToDomain(m_login.address)));
            return;
        }
        if (*stream == QXmpp::StreamError::Conflict) {
            m_conflict = true;
            m_trouble = tr("This account was opened from another place under the same name.");
        } else {
            m_trouble = tr("The server ended the connection: %1").arg(error.description);
        }
    } else {
        m_trouble = m_certificateTrouble.isEmpty() ? tr("The server cannot be reached: %1").arg(error.description)
                                                   : m_certificateTrouble;
    }
    onLost();
}

/// The connection is gone or was never made. Called more than once for one loss.
void XmppSession::onLost()
{
    if (std::exchange(m_losing, true)) {
        return;
    }
    m_connectDeadline.stop();
    m_idle.stop();
    m_probeDeadline.stop();
    // A stream that nobody was told of must not go on: who is told that one goes on takes it for the one before.
    m_freshNext = m_freshNext || (m_counting && !m_open);
    m_counting = false;
    dropBridge();
    if (auto *tcp = socket(); tcp && m_wanted && tcp->state() != QAbstractSocket::UnconnectedState) {
        tcp->abort();
    }
    const bool wasOpen = std::exchange(m_open, false);
    if (wasOpen) {
        failAsked();
        Q_EMIT lost();
    }
    if (std::exchange(m_atOnce, false) && m_wanted) {
        m_retry.start(0ms);
    } else if (m_wanted && !m_retry.isActive() && (wasOpen || !triesAnotherWire())) {
        const auto wait = m_conflict ? conflictWait : m_backoff.next(QRandomGenerator::global()->generate());
        m_conflict = false;
        m_retryAt = QDateTime::currentDateTimeUtc().addMSecs(std::chrono::milliseconds(wait).count());
        m_retry.start(wait);
        setState(State::Waiting);
    }
    m_losing = false;
}

void XmppSession::refuse(const QString &reason)
{
    m_wanted = false;
    m_freshNext = true;
    m_retry.stop();
    m_retryAt = {};
    m_trouble = reason;
    onLost();
    setState(State::Refused);
    Q_EMIT refused(reason);
}

void XmppSession::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

/// Called while QXmpp is about to write our count. An ack says that we have it: if the disk does not, it must not go
/// out. QXmpp looks at the socket once more after this, so a socket closed here writes nothing.
void XmppSession::beforeAck()
{
    if (readyToAck()) {
        return;
    }
    m_freshNext = true;
    m_trouble = tr("Messages cannot be stored on this device. Is the disk full?");
    if (auto *tcp = socket()) {
        tcp->abort();
    }
}

void XmppSession::heard()
{
    m_probeDeadline.stop();
    if (m_open) {
        m_idle.start();
    }
}

void XmppSession::probe()
{
    m_probeDeadline.start();
    requestAck();
}

void XmppSession::write(const QByteArray &stanza, std::int64_t tag)
{
    if (m_open) {
        m_tag = tag;
        m_client->sendPacket(RawStanza(stanza));
        m_tag = 0;
    }
}

void XmppSession::writeTransient(const QByteArray &stanza)
{
    write(stanza, 0);
}

void XmppSession::refuseCount(std::uint32_t claimed, std::uint32_t sent)
{
    base::log(base::LogLevel::Warning, "session", "the server acknowledged more than was sent",
              {{"claimed", std::uint64_t(claimed)}, {"sent", std::uint64_t(sent)}});
    // Also before opened(): a <resumed/> may be wrong too.
    if (auto *tcp = socket(); tcp && tcp->state() == QAbstractSocket::ConnectedState) {
        m_client->sendPacket(
            RawStanza("<stream:error><undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                      "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='" +
                      QByteArray::number(claimed) + "' send-count='" + QByteArray::number(sent) +
                      "'/></stream:error></stream:stream>"));
        tcp->flush();
    }
    m_freshNext = true;
    m_trouble = tr("The server lost count of the messages. Connecting anew.");
    // Not from inside of QXmpp's handling of the ack.
    QMetaObject::invokeMethod(this, &XmppSession::onLost, Qt::QueuedConnection);
}

} // namespace godwit::session
