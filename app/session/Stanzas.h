// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The stanzas that the app writes itself, as the bytes that go on the wire. The same input gives the same bytes: a
// server recognises a resend by its content too.
#pragma once

#include <QByteArray>
#include <QString>

namespace godwit::session
{

struct ChatMessage {
    QString to;
    QString id; ///< id attribute and origin-id in one (XEP-0359 §3)
    QString body;
};
/// With receipt request (XEP-0184), markable (XEP-0333), active chat state (XEP-0085) and origin-id (XEP-0359).
QByteArray chatMessage(const ChatMessage &message);

struct Answer {
    QString to;
    QString id;     ///< of the stanza that is written
    QString answers; ///< the id attribute of the message that is answered
};
/// XEP-0184 §5.2.
QByteArray receipt(const Answer &answer);
/// XEP-0333 displayed marker.
QByteArray displayedMarker(const Answer &answer);

enum class Typing { Active, Composing, Paused };
/// A bare chat state, not to be stored (XEP-0334).
QByteArray chatState(const QString &to, Typing typing);

enum class Subscription { Subscribe, Subscribed, Unsubscribed };
struct SubscriptionStanza {
    QString to;
    QString id;
    Subscription what = Subscription::Subscribe;
};
/// RFC 6121 §3.
QByteArray subscription(const SubscriptionStanza &stanza);

/// Without the characters that XML 1.0 cannot carry; one of them would end the stream again at every resend.
QString sendable(const QString &text);

} // namespace godwit::session
