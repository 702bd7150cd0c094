// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// One login: the composition root of the app. It builds cache, outbox, history, contacts and session for one address
// and wires them; whoever shows an account talks to this class, to Conversation and to the list models.
#pragma once

#include "account/AccountSettings.h"
#include "account/Conversation.h"
#include "base/Result.h"
#include "models/ChatListModel.h"
#include "models/ContactListModel.h"

#include <QDateTime>
#include <QObject>

#include <memory>

namespace godwit::cache
{
class Cache;
}
namespace godwit::contacts
{
class Contacts;
}
namespace godwit::history
{
class History;
}
namespace godwit::outbox
{
class Outbox;
}
namespace godwit::session
{
class Session;
}

namespace godwit::account
{

/// Lives in the main thread. Made by AccountBook (or open(), for a terminal).
class Account : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString address READ address CONSTANT)
    Q_PROPERTY(Connection connection READ connection NOTIFY connectionChanged)
    /// What is wrong with the connection and what Godwit does about it, one sentence; empty when nothing is wrong.
    /// Show it when it stays for more than two seconds.
    Q_PROPERTY(QString connectionNotice READ connectionNotice NOTIFY connectionChanged)
    /// When the next try is made, while connection is Waiting; else invalid.
    Q_PROPERTY(QDateTime retryAt READ retryAt NOTIFY connectionChanged)
    /// How the account is connected, in words: "TLS 1.3", "TLS 1.3, compact"; empty without a connection.
    Q_PROPERTY(QString wire READ wire NOTIFY connectionChanged)
    /// Bytes since the program was started, before TLS, and how many of them plain XML would have cost more. Counted
    /// when countTraffic() is called.
    Q_PROPERTY(double bytesSent READ bytesSent NOTIFY trafficChanged)
    Q_PROPERTY(double bytesReceived READ bytesReceived NOTIFY trafficChanged)
    Q_PROPERTY(double bytesSaved READ bytesSaved NOTIFY trafficChanged)
    /// Every byte counts: the way to connect that costs the fewest is taken, on any network. Kept on this device.
    Q_PROPERTY(bool lowBandwidth READ lowBandwidth WRITE setLowBandwidth NOTIFY lowBandwidthChanged)
    /// Something a person should know that is no connection trouble (no keyring runs, the disk is full); else empty.
    Q_PROPERTY(QString notice READ notice NOTIFY noticeChanged)
    /// The archive is being asked for what was missed.
    Q_PROPERTY(bool syncing READ syncing NOTIFY syncingChanged)
    Q_PROPERTY(int unread READ unread NOTIFY unreadChanged)
    Q_PROPERTY(godwit::models::ChatListModel *chats READ chats CONSTANT)
    Q_PROPERTY(godwit::models::ContactListModel *contacts READ contactList CONSTANT)

public:
    /// Offline: not asked to connect. Waiting: the connection was lost and will be tried again at retryAt. Refused:
    /// the server does not accept the password or the account; nothing is tried until signIn or reconnect.
    enum class Connection { Offline, Connecting, Online, Waiting, Refused };
    Q_ENUM(Connection)

    /// Opens (or makes) the data folder of the account and reads the cache. Fails when the cache was written by a newer
    /// version (TooNew, untouched), is damaged, in use by another process, or the disk refuses it.
    static base::Result<std::unique_ptr<Account>> open(const AccountSettings &settings);
    /// The same account on sample data that shows every state, with nobody at the other end; nothing is stored.
    static std::unique_ptr<Account> sample();
    ~Account() override;

    QString address() const;
    Connection connection() const;
    QString connectionNotice() const;
    QDateTime retryAt() const;
    QString wire() const;
    double bytesSent() const;
    double bytesReceived() const;
    double bytesSaved() const;
    Q_INVOKABLE void countTraffic();
    bool lowBandwidth() const { return m_lowBandwidth; }
    void setLowBandwidth(bool wanted);
    QString notice() const;
    bool syncing() const;
    int unread() const;
    models::ChatListModel *chats() const;
    models::ContactListModel *contactList() const;

    /// The chat with an address, made when it does not exist. Null when the text is no address of a person. The
    /// Account keeps it until closeConversation().
    Q_INVOKABLE godwit::account::Conversation *conversation(const QString &address);
    Q_INVOKABLE void closeConversation(const QString &address);
    /// Whether the text is an address that could be written to ("name@domain").
    Q_INVOKABLE bool isAddress(const QString &text) const;
    /// Takes a chat and its messages off this device. The archive on the server stays.
    Q_INVOKABLE void removeChat(const QString &address);

    /// Asks the person to become a contact (or accepts a request that waits), under that name. Answers with
    /// contactDone or contactFailed.
    Q_INVOKABLE void addContact(const QString &address, const QString &name);
    Q_INVOKABLE void renameContact(const QString &address, const QString &name);
    Q_INVOKABLE void removeContact(const QString &address);
    Q_INVOKABLE void acceptRequest(const QString &address);
    Q_INVOKABLE void denyRequest(const QString &address);

    /// Connects and keeps trying until goOffline(). Called again, tries at once. With a token of tokenChanged() the
    /// password is used only when the server does not take that any more.
    void goOnline(const QString &password, const QString &token = {});
    /// Tries again at once with what is known ("Try now").
    Q_INVOKABLE void reconnect();
    /// Ends the connection properly; what waits in the outbox stays there.
    Q_INVOKABLE void goOffline();
    /// False while no window is in front: the server then holds back presence and typing (XEP-0352).
    Q_INVOKABLE void setActive(bool active);

    /// What tokenChanged() said last, or goOnline() was given.
    QString token() const;
    /// There is no password to connect with: connection is Refused until goOnline().
    void passwordMissing();
    /// Why there is no connection, without what Godwit does about it.
    QString trouble() const;
    /// Something that a person should know; shown as `notice`.
    void setNotice(const QString &notice);
    /// Everything that came in from that address was seen: tells the other side and our own devices.
    void markRead(const QString &address);
    /// They may learn that we got and read what they write, as if we had written to them.
    void makeKnown(const QString &address);

    /// The rooms below, for whoever needs more than the interface does (the terminal, tests).
    cache::Cache &cache() const;
    outbox::Outbox &outbox() const;
    history::History &history() const;
    contacts::Contacts &contacts() const;
    session::Session &session() const;

Q_SIGNALS:
    void connectionChanged();
    void trafficChanged();
    void lowBandwidthChanged();
    void noticeChanged();
    void syncingChanged();
    void unreadChanged();
    /// The server let us in for the first time since goOnline().
    void signedIn();
    /// The server gave another token, or takes the old one no more (empty). As secret as the password.
    void tokenChanged(const QString &token);
    /// The server refused to sign in; the reason is for people. connection is Refused.
    void signInRefused(const QString &reason);
    void contactDone(const QString &address);
    void contactFailed(const QString &address, const QString &reason);
    /// A message came in that nobody has seen yet; for notifications.
    void messageArrived(const QString &address, const QString &name, const QString &body);

private:
    struct Rooms;
    explicit Account(AccountSettings settings);
    base::Result<base::Ok> build(const QString &cachePath, std::unique_ptr<session::Session> session);
    void connectRooms();
    void chooseThrift();

    AccountSettings m_settings;
    QString m_notice;
    bool m_signedIn = false;
    bool m_passwordMissing = false;
    bool m_lowBandwidth = false;
    std::unique_ptr<Rooms> m_rooms;
};

} // namespace godwit::account
