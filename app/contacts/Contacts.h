// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Who the account knows, who of them is there, who writes right now, and who asks to be known.
#pragma once

#include "base/Result.h"
#include "cache/Cache.h"
#include "session/Session.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>
#include <vector>

namespace godwit::contacts
{

/// The bare address in its one prepared form, or empty when the text is no address of a person ("name@domain").
QString addressOf(const QString &text);

/// Lives in the main thread. The roster is kept in the cache, so that names are there without a connection.
class Contacts : public QObject
{
    Q_OBJECT

public:
    Contacts(cache::Cache &cache, session::Session &session, QObject *parent = nullptr);
    ~Contacts() override;

    [[nodiscard]] base::Result<base::Ok> load();

    /// By address.
    const std::map<QString, cache::Contact> &all() const { return m_contacts; }
    bool contains(const QString &address) const { return m_contacts.contains(address); }
    /// The contact's name, else the address.
    QString name(const QString &address) const;
    bool available(const QString &address) const;
    QString presenceText(const QString &address) const;
    bool typing(const QString &address) const { return m_typing.contains(address); }
    /// Addresses that ask to become a contact, in the order in which they asked.
    const std::vector<QString> &requests() const { return m_requests; }

    void add(const QString &address, const QString &name);
    void rename(const QString &address, const QString &name);
    void remove(const QString &address);
    void accept(const QString &address);
    void deny(const QString &address);

    /// A chat state came in.
    void setTyping(const QString &address, bool typing);

Q_SIGNALS:
    /// Contacts or requests came or went, or a name changed.
    void listChanged();
    /// Presence, typing, or anything else shown of one address.
    void changed(const QString &address);
    void done(const QString &address);
    void failed(const QString &address, const QString &reason);
    /// A subscription stanza that must reach the server.
    void subscriptionQueued(const QString &address, const QString &id, const QByteArray &stanza);

private:
    enum class Then { Nothing, Subscribe };
    void setRosterItem(const QString &address, const QString &name, Then then);
    void queueSubscription(const QString &address, bool subscribe, bool allow);
    void onRoster(const std::vector<session::RosterItem> &items);
    void onPushed(const session::RosterItem &item);
    void onPresence(const session::Presence &presence);
    void onLost();
    void dropRequest(const QString &address);
    const session::Presence *best(const QString &address) const;

    cache::Cache &m_cache;
    session::Session &m_session;
    std::map<QString, cache::Contact> m_contacts;
    QHash<QString, QHash<QString, session::Presence>> m_presences; ///< by address and resource
    QHash<QString, qint64> m_typing;                               ///< address to the time when it is believed to end
    QTimer m_typingEnds;
    std::vector<QString> m_requests;
};

} // namespace godwit::contacts
