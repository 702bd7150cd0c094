// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The connection of one account as the rooms above see it. XmppSession is the real one; SampleSession talks to nobody.
#pragma once

#include "base/Result.h"
#include "bridge/Wire.h"
#include "session/Incoming.h"

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QUrl>
#include <QUuid>

#include <functional>
#include <optional>
#include <vector>

namespace godwit::session
{

struct Login {
    QString address; ///< bare
    QString password;
    QString token;    ///< what tokenChanged() gave last, also in an earlier run of the program; empty without one
    QString resource; ///< the same at each start, so that the server knows the device
    QUuid device;     ///< XEP-0388 user agent
    QString server;   ///< "host:port", empty to look it up
    bridge::Wire wire = bridge::Wire::Automatic;
    QUrl webSocket;     ///< of the server, empty to look it up
    QUrl webSocketHint; ///< what a look-up gave an earlier time; tried first
    bool plaintextOnLoopback = false;
};

/// Lives in the main thread. Signals come in the order in which things happened on the stream.
class Session : public QObject
{
    Q_OBJECT

public:
    enum class State { Offline, Connecting, Online, Waiting, Refused };
    Q_ENUM(State)
    enum class Opening { Fresh, Resumed };
    Q_ENUM(Opening)

    using QObject::QObject;

    virtual void open(const Login &login) = 0;
    /// Tries at once instead of at retryAt(). Nothing when it is online or was never opened.
    virtual void retryNow() = 0;
    /// Ends the stream properly and stays Offline.
    virtual void close() = 0;
    virtual void setActive(bool active) = 0;
    /// Every byte counts: where the choice is ours, the compact wire is preferred, now and for later connections.
    virtual void setThrifty(bool thrifty) = 0;

    virtual State state() const = 0;
    virtual QDateTime retryAt() const = 0;
    /// Why it is not Online, one sentence for people; empty when there is nothing to say.
    virtual QString trouble() const = 0;
    /// How it is connected, in words.
    virtual QString wire() const = 0;
    /// All connections since the session was made.
    virtual bridge::Traffic traffic() const = 0;

    /// Writes a stanza whose fate the caller keeps track of: it is counted (see counted()) and never repeated by the
    /// session itself. `tag` is not 0.
    virtual void write(const QByteArray &stanza, std::int64_t tag) = 0;
    /// Writes a stanza that may be lost. Nothing when not Online.
    virtual void writeTransient(const QByteArray &stanza) = 0;
    /// Asks the server to say how far it is; acknowledged() follows.
    virtual void requestAck() = 0;
    /// The server's count cannot be right (XEP-0198 §4): ends the stream with an error; the next one is fresh.
    virtual void refuseCount(std::uint32_t claimed, std::uint32_t sent) = 0;
    /// `ready` is called before each ack that goes to the server; it returns whether everything received so far is
    /// safe. When it is not, the ack is not written and the stream is dropped, to begin a fresh one.
    void setReadyToAck(std::function<bool()> ready) { m_readyToAck = std::move(ready); }

    using Done = std::function<void(base::Result<base::Ok>)>;
    virtual void setRosterItem(const QString &address, const QString &name, Done done) = 0;
    virtual void removeRosterItem(const QString &address, Done done) = 0;
    /// Calls `item` for each result as it arrives and then `done` once. NotFound: the archive does not know the id that
    /// was asked for. Unavailable: no answer, ask again when the session is open. NotAuthorized: there is no archive.
    virtual void queryArchive(const ArchiveQuery &query, std::function<void(const Incoming &)> item,
                              std::function<void(base::Result<ArchivePage>)> done) = 0;

Q_SIGNALS:
    void stateChanged();
    /// The look-up of the server's WebSocket gave this address, and it works.
    void webSocketFound(const QUrl &address);
    /// From now on this lets us in instead of the password (XEP-0484): keep it as safe as that. Empty: forget it, the
    /// server does not take it any more.
    void tokenChanged(const QString &token);
    /// The password was refused, or the account does not exist; nothing is retried.
    void refused(const QString &reason);

    /// Counting of what we send starts at zero (XEP-0198 §3).
    void countingStarted();
    /// A stanza was written while counting; 0 for those that were not given to write().
    void counted(std::int64_t tag);
    void acknowledged(std::uint32_t h);
    /// The old stream goes on; the server had that many of our stanzas.
    void resumed(std::uint32_t h);
    /// The old stream is gone; some servers say how many of our stanzas they had.
    void resumeFailed(std::optional<std::uint32_t> h);
    /// The largest stanza that the server takes on streams that open from now on, in bytes; 0: it does not say.
    void limitTold(std::uint64_t stanzaBytesMax);
    /// The server ends the stream because of something that was written to it. Comes before lost().
    void faulted();
    /// Stanzas may be written. Comes after countingStarted() or resumed().
    void opened(godwit::session::Session::Opening opening);
    /// Nothing can be written any more. What was not acknowledged may have arrived or not.
    void lost();

    void received(const godwit::session::Incoming &message);
    void rosterReceived(const std::vector<godwit::session::RosterItem> &items);
    void rosterPushed(const godwit::session::RosterItem &item);
    void presenceReceived(const godwit::session::Presence &presence);
    /// Somebody asks to see our presence (RFC 6121 §3.1).
    void subscriptionRequested(const QString &address);
    void subscriptionWithdrawn(const QString &address);
    /// Carbons are on, or the server has none: from here on everything that can arrive does (XEP-0280).
    void carbonsEnabled();

protected:
    bool readyToAck() const { return !m_readyToAck || m_readyToAck(); }

private:
    std::function<bool()> m_readyToAck;
};

} // namespace godwit::session
