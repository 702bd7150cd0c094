// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/Stanzas.h"

#include <QXmlStreamWriter>

namespace godwit::session
{

namespace
{

void empty(QXmlStreamWriter &writer, QLatin1StringView name, QLatin1StringView ns)
{
    writer.writeStartElement(name);
    writer.writeDefaultNamespace(ns);
    writer.writeEndElement();
}

void beginMessage(QXmlStreamWriter &writer, const QString &to, const QString &id)
{
    writer.writeStartElement(QLatin1StringView("message"));
    writer.writeAttribute(QLatin1StringView("to"), to);
    writer.writeAttribute(QLatin1StringView("type"), QLatin1StringView("chat"));
    if (!id.isEmpty()) {
        writer.writeAttribute(QLatin1StringView("id"), id);
    }
}

void originId(QXmlStreamWriter &writer, const QString &id)
{
    writer.writeStartElement(QLatin1StringView("origin-id"));
    writer.writeDefaultNamespace(QLatin1StringView("urn:xmpp:sid:0"));
    writer.writeAttribute(QLatin1StringView("id"), id);
    writer.writeEndElement();
}

QByteArray answering(const Answer &answer, QLatin1StringView name, QLatin1StringView ns)
{
    QByteArray bytes;
    QXmlStreamWriter writer(&bytes);
    beginMessage(writer, answer.to, answer.id);
    writer.writeStartElement(name);
    writer.writeDefaultNamespace(ns);
    writer.writeAttribute(QLatin1StringView("id"), answer.answers);
    writer.writeEndElement();
    originId(writer, answer.id);
    empty(writer, QLatin1StringView("store"), QLatin1StringView("urn:xmpp:hints"));
    writer.writeEndElement();
    return bytes;
}

} // namespace

QByteArray chatMessage(const ChatMessage &message)
{
    QByteArray bytes;
    QXmlStreamWriter writer(&bytes);
    beginMessage(writer, message.to, message.id);
    writer.writeTextElement(QLatin1StringView("body"), message.body);
    originId(writer, message.id);
    empty(writer, QLatin1StringView("request"), QLatin1StringView("urn:xmpp:receipts"));
    empty(writer, QLatin1StringView("markable"), QLatin1StringView("urn:xmpp:chat-markers:0"));
    empty(writer, QLatin1StringView("active"), QLatin1StringView("http://jabber.org/protocol/chatstates"));
    writer.writeEndElement();
    return bytes;
}

QByteArray receipt(const Answer &answer)
{
    return answering(answer, QLatin1StringView("received"), QLatin1StringView("urn:xmpp:receipts"));
}

QByteArray displayedMarker(const Answer &answer)
{
    return answering(answer, QLatin1StringView("displayed"), QLatin1StringView("urn:xmpp:chat-markers:0"));
}

QByteArray chatState(const QString &to, Typing typing)
{
    QByteArray bytes;
    QXmlStreamWriter writer(&bytes);
    beginMessage(writer, to, {});
    const QLatin1StringView name(typing == Typing::Composing ? "composing"
                                 : typing == Typing::Paused  ? "paused"
                                                             : "active");
    empty(writer, name, QLatin1StringView("http://jabber.org/protocol/chatstates"));
    empty(writer, QLatin1StringView("no-store"), QLatin1StringView("urn:xmpp:hints"));
    writer.writeEndElement();
    return bytes;
}

QByteArray subscription(const SubscriptionStanza &stanza)
{
    QByteArray bytes;
    QXmlStreamWriter writer(&bytes);
    writer.writeStartElement(QLatin1StringView("presence"));
    writer.writeAttribute(QLatin1StringView("to"), stanza.to);
    writer.writeAttribute(QLatin1StringView("id"), stanza.id);
    const QLatin1StringView type(stanza.what == Subscription::Subscribe    ? "subscribe"
                                 : stanza.what == Subscription::Subscribed ? "subscribed"
                                                                           : "unsubscribed");
    writer.writeAttribute(QLatin1StringView("type"), type);
    writer.writeEndElement();
    return bytes;
}

QString sendable(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) {
            clean += c;
            clean += text.at(++i);
        } else if (!c.isSurrogate() && (c.unicode() >= 0x20 || c == u'\t' || c == u'\n' || c == u'\r') &&
                   c.unicode() < 0xfffe) {
            clean += c;
        }
    }
    return clean;
}

} // namespace godwit::session
