// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <QXmppNonza.h>

#include <QByteArray>
#include <QIODevice>
#include <QXmlStreamWriter>

#include <utility>

namespace godwit::session
{

/// Finished bytes on their way through QXmpp. To QXmpp they are no stanza, so it neither keeps nor repeats them: what
/// was not accepted is the outbox's to send again, and two of us doing it would send it twice.
class RawStanza final : public QXmppNonza
{
public:
    explicit RawStanza(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }
    bool isXmppStanza() const override { return false; }
    void parse(const QDomElement &) override {}
    void toXml(QXmlStreamWriter *writer) const override { writer->device()->write(m_bytes); }

private:
    QByteArray m_bytes;
};

} // namespace godwit::session
