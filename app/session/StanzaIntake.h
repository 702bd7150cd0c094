// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Takes the stanzas that the app handles itself out of QXmpp's stream.
#pragma once

#include "session/Incoming.h"

#include <QXmppClientExtension.h>

#include <functional>
#include <optional>

namespace godwit::session
{

/// All messages (live, carbons, archive results), presence, roster pushes. Owned by its QXmppClient.
class StanzaIntake : public QXmppClientExtension
{
    Q_OBJECT

public:
    struct Handlers {
        std::function<void(const Incoming &)> message;
        /// An item of an archive query, by the query's id.
        std::function<void(const QString &queryId, const Incoming &)> archived;
        std::function<void(const Presence &)> presence;
        std::function<void(const QString &address)> subscriptionRequested;
        std::function<void(const QString &address)> subscriptionWithdrawn;
        std::function<void(const RosterItem &)> rosterPushed;
    };

    StanzaIntake(QString ownAddress, Handlers handlers);

    QStringList discoveryFeatures() const override;
    bool handleStanza(const QDomElement &stanza) override;

private:
    bool handleMessage(const QDomElement &stanza);
    bool handlePresence(const QDomElement &stanza);
    bool handleRosterPush(const QDomElement &stanza);
    std::optional<Incoming> read(const QDomElement &message, Incoming::Source source) const;
    bool fromOwnAccount(const QDomElement &stanza) const;

    QString m_own;
    Handlers m_handlers;
};

/// The entries of a roster result or push.
std::vector<RosterItem> rosterItems(const QDomElement &iq);

} // namespace godwit::session
