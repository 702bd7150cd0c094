// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "session/SampleSession.h"

#include <QTimer>
#include <QXmlStreamReader>

using namespace std::chrono_literals;

namespace godwit::session
{

using base::Error;
using base::ErrorCode;
using base::Ok;

namespace
{

/// Slow enough to be seen, one after the other.
constexpr auto ackAfter = 700ms;
constexpr auto deliveredAfter = 1500ms;
constexpr auto readAfter = 3000ms;
constexpr auto typingAgainAfter = 20s;

} // namespace

SampleSession::SampleSession(Cast cast, QObject *parent)
    : Session(parent)
    , m_cast(std::move(cast))
{
}

SampleSession::~SampleSession() = default;

QString SampleSession::wire() const
{
    return m_state == State::Online ? tr("sample data") : QString();
}

bridge::Traffic SampleSession::traffic() const
{
    return {.sent = 18'204, .received = 61'730, .xmlSent = 97'311, .xmlReceived = 402'886};
}

void SampleSession::open(const Login &)
{
    if (m_state == State::Online) {
        return;
    }
    m_state = State::Online;
    m_count = 0;
    Q_EMIT stateChanged();
    Q_EMIT countingStarted();
    Q_EMIT opened(Opening::Fresh);
    Q_EMIT rosterReceived(m_cast.contacts);
    for (const Presence &presence : m_cast.presences) {
        Q_EMIT presenceReceived(presence);
    }
    if (!m_cast.asking.isEmpty()) {
        Q_EMIT subscriptionRequested(m_cast.asking);
    }
    keepTyping();
}

void SampleSession::retryNow()
{
    open({});
}

void SampleSession::close()
{
    if (m_state == State::Online) {
        m_state = State::Offline;
        Q_EMIT lost();
        Q_EMIT stateChanged();
    }
}

void SampleSession::keepTyping()
{
    if (m_state != State::Online || m_cast.typing.isEmpty()) {
        return;
    }
    Incoming composing;
    composing.peer = m_cast.typing;
    composing.chatState = Incoming::ChatState::Composing;
    Q_EMIT received(composing);
    QTimer::singleShot(typingAgainAfter, this, &SampleSession::keepTyping);
}

void SampleSession::write(const QByteArray &stanza, std::int64_t tag)
{
    ++m_count;
    Q_EMIT counted(tag);
    QXmlStreamReader reader(stanza);
    QString peer;
    QString id;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement) {
            continue;
        }
        if (reader.name() == u"message") {
            peer = reader.attributes().value(QLatin1StringView("to")).toString();
            id = reader.attributes().value(QLatin1StringView("id")).toString();
        } else if (reader.name() == u"body") {
            answer(peer, id);
        }
    }
}

void SampleSession::requestAck()
{
    QTimer::singleShot(ackAfter, this, [this, count = m_count] {
        if (m_state == State::Online) {
            Q_EMIT acknowledged(count);
        }
    });
}

void SampleSession::answer(const QString &peer, const QString &id)
{
    const auto later = [this](std::chrono::milliseconds after, const Incoming &message) {
        QTimer::singleShot(after, this, [this, message] {
            if (m_state == State::Online) {
                Q_EMIT received(message);
            }
        });
    };
    Incoming message;
    message.peer = peer;
    if (peer == m_cast.refusing) {
        message.error = true;
        message.stanzaId = id;
        message.errorCondition = QStringLiteral("remote-server-not-found");
        later(deliveredAfter, message);
        return;
    }
    message.receiptFor = id;
    later(deliveredAfter, message);
    message.receiptFor.clear();
    message.displayedFor = id;
    later(readAfter, message);
}

void SampleSession::setRosterItem(const QString &address, const QString &name, Done done)
{
    QTimer::singleShot(ackAfter, this, [this, address, name, done = std::move(done)] {
        if (m_state != State::Online) {
            done(Error(ErrorCode::Unavailable, "not connected"));
            return;
        }
        Q_EMIT rosterPushed({.address = address, .name = name, .subscription = QStringLiteral("none"), .asked = true});
        done(Ok());
    });
}

void SampleSession::removeRosterItem(const QString &address, Done done)
{
    QTimer::singleShot(ackAfter, this, [this, address, done = std::move(done)] {
        Q_EMIT rosterPushed({.address = address, .name = {}, .subscription = QStringLiteral("remove"), .asked = false});
        done(Ok());
    });
}

void SampleSession::queryArchive(const ArchiveQuery &query, std::function<void(const Incoming &)>,
                                 std::function<void(base::Result<ArchivePage>)> done)
{
    // What was missed stays on its way, so that a gap which is being filled can be looked at.
    if (!query.with.isEmpty()) {
        QTimer::singleShot(ackAfter, this, [done = std::move(done)] {
            done(ArchivePage{.firstId = {}, .lastId = {}, .complete = true});
        });
    }
}

} // namespace godwit::session
