// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The real session: a QXmppClient, reconnection, and the signals by which the outbox counts. How acks are kept right
// beside QXmpp's own books is told in README.md.
#pragma once

#include "bridge/Bridge.h"
#include "bridge/WirePlan.h"
#include "session/Backoff.h"
#include "session/OwnPresence.h"
#include "session/Session.h"
#include "session/StreamTap.h"

#include <QDomElement>
#include <QTimer>

#include <map>
#include <memory>

class QSslSocket;
class QXmppClient;
class QXmppConfiguration;
class QXmppIq;
struct QXmppError;

namespace godwit::bridge
{
class HostMeta;
}

namespace godwit::session
{

class XmppSession final : public Session
{
    Q_OBJECT

public:
    explicit XmppSession(QObject *parent = nullptr);
    ~XmppSession() override;

    void open(const Login &login) override;
    void retryNow() override;
    void close() override;
    void setActive(bool active) override;
    void setThrifty(bool thrifty) override;

    State state() const override { return m_state; }
    QDateTime retryAt() const override { return m_retryAt; }
    QString trouble() const override { return m_trouble; }
    QString wire() const override;
    bridge::Traffic traffic() const override;

    void write(const QByteArray &stanza, std::int64_t tag) override;
    void writeTransient(const QByteArray &stanza) override;
    void requestAck() override;
    void refuseCount(std::uint32_t claimed, std::uint32_t sent) override;

    void setRosterItem(const QString &address, const QString &name, Done done) override;
    void removeRosterItem(const QString &address, Done done) override;
    void queryArchive(const ArchiveQuery &query, std::function<void(const Incoming &)> item,
                      std::function<void(base::Result<ArchivePage>)> done) override;

private:
    using Reply = std::function<void(const base::Result<QDomElement> &)>;
    struct Asked;

    void connectNow();
    void buildClient();
    void dropClient();
    QXmppConfiguration configuration() const;
    void planWires();
    void onReached();
    void lookUpWebSocket();
    void openBridge(const QUrl &url);
    void joinBridge();
    void onBridgeEnded(bridge::Bridge::Trouble trouble, const QString &words);
    void dropBridge();
    bool goesAstray() const;
    void onSent(const QString &text);
    void onReceived(const QString &text);
    bool triesAnotherWire();
    void setToken(const QString &token);
    bool fallsBackToPassword();
    QSslSocket *socket() const;
    void onConnected();
    void onError(const QXmppError &error);
    void onLost();
    void refuse(const QString &reason);
    void setState(State state);
    void beforeAck();
    void probe();
    void heard();
    void ask(QXmppIq &&iq, Reply reply);
    void failAsked();
    void afterOpening(Opening opening);
    void requestRoster();

    State m_state = State::Offline;
    Login m_login;
    QXmppClient *m_client = nullptr;
    StreamTap m_tap;
    Backoff m_backoff;
    QTimer m_retry;
    QTimer m_connectDeadline;
    QTimer m_idle;
    QTimer m_probeDeadline;
    bridge::WirePlan m_plan;
    bridge::WirePlan::Fault m_fault = bridge::WirePlan::Fault::Wire; ///< of the wire that is being tried
    bridge::Wire m_wire = bridge::Wire::Tcp;                         ///< tried or in use
    bridge::Bridge *m_bridge = nullptr;
    bridge::HostMeta *m_hostMeta = nullptr;
    bridge::Traffic m_past;   ///< without that of m_bridge
    QUrl m_webSocket;         ///< that was found
    QString m_roundTrouble;   ///< of the first wire of the round
    quint16 m_bridgePort = 0; ///< QXmpp has been told to use no TLS and may talk to that port only; else 0
    QDateTime m_retryAt;
    QString m_trouble;
    QString m_token; ///< as text, see LoginToken.h; empty without one
    QString m_certificateTrouble;
    std::int64_t m_tag = 0;   ///< of the stanza that is being written
    bool m_freshNext = false; ///< the next connection must not resume
    bool m_wanted = false;    ///< between open() and close() or a refusal
    bool m_losing = false;    ///< inside of onLost()
    bool m_conflict = false;  ///< the last loss was the fault of another device
    bool m_byToken = false;   ///< the login under way, or the last one
    bool m_notNow = false;    ///< the server cannot check passwords at the moment
    bool m_atOnce = false;    ///< the next loss is no reason to wait, nor to try another wire
    bool m_open = false;      ///< between opened() and lost()
    bool m_counting = false;
    bool m_ownCount = false; ///< no XEP-0198: a ping's answer proves what was written before it
    bool m_rosterKnown = false;
    bool m_carbons = false;
    bool m_active = true;
    bool m_thrifty = false;
    std::uint32_t m_written = 0; ///< while m_ownCount
    OwnPresence m_presence;
    std::map<int, std::shared_ptr<Asked>> m_asked;
    int m_lastAsked = 0;
    std::map<QString, std::function<void(const Incoming &)>> m_archiveItems;
};

} // namespace godwit::session
