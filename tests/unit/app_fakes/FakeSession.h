// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A session that the test plays: it records what is written and says what the test tells it to.
#pragma once

#include "session/Session.h"

#include <QStringList>
#include <QXmlStreamReader>

#include <deque>
#include <vector>

namespace godwit::test
{

class FakeSession final : public session::Session
{
public:
    struct Written {
        QByteArray stanza;
        std::int64_t tag = 0;
        /// The id attribute of a stanza.
        QString id() const
        {
            QXmlStreamReader reader(stanza);
            reader.readNextStartElement();
            return reader.attributes().value(QLatin1StringView("id")).toString();
        }
        QString body() const
        {
            QXmlStreamReader reader(stanza);
            while (!reader.atEnd()) {
                if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == u"body") {
                    return reader.readElementText();
                }
            }
            return {};
        }
    };
    struct Query {
        session::ArchiveQuery query;
        std::function<void(const session::Incoming &)> item;
        std::function<void(base::Result<session::ArchivePage>)> done;
    };

    std::vector<Written> written;
    std::deque<Query> queries; ///< an answer may ask the next question
    int ackRequests = 0;
    int countsRefused = 0;

    /// A stream that counts from zero.
    void beginFresh()
    {
        m_state = State::Online;
        Q_EMIT countingStarted();
        Q_EMIT opened(Opening::Fresh);
    }
    void beginResumed(std::uint32_t h)
    {
        m_state = State::Online;
        Q_EMIT resumed(h);
        Q_EMIT opened(Opening::Resumed);
    }
    void lose()
    {
        m_state = State::Waiting;
        Q_EMIT lost();
    }
    bool tryAck() const { return readyToAck(); }

    void open(const session::Login &) override {}
    void retryNow() override {}
    void close() override {}
    void setActive(bool) override {}
    void setThrifty(bool) override {}
    State state() const override { return m_state; }
    QDateTime retryAt() const override { return {}; }
    QString trouble() const override { return {}; }
    QString wire() const override { return {}; }
    bridge::Traffic traffic() const override { return {}; }
    void write(const QByteArray &stanza, std::int64_t tag) override
    {
        written.push_back({stanza, tag});
        Q_EMIT counted(tag);
    }
    void writeTransient(const QByteArray &) override { Q_EMIT counted(0); }
    void requestAck() override { ++ackRequests; }
    void refuseCount(std::uint32_t, std::uint32_t) override { ++countsRefused; }
    void setRosterItem(const QString &, const QString &, Done done) override { done(base::Ok()); }
    void removeRosterItem(const QString &, Done done) override { done(base::Ok()); }
    void queryArchive(const session::ArchiveQuery &query, std::function<void(const session::Incoming &)> item,
                      std::function<void(base::Result<session::ArchivePage>)> done) override
    {
        queries.push_back({query, std::move(item), std::move(done)});
    }

    QStringList bodies() const
    {
        QStringList texts;
        for (const Written &one : written) {
            texts.append(one.body());
        }
        return texts;
    }

private:
    State m_state = State::Offline;
};

} // namespace godwit::test
