// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A session with nobody at the other end, for `godwit --offline`: what is sent passes all states within seconds, one
// contact writes for ever, one refuses everything.
#pragma once

#include "session/Session.h"

namespace godwit::session
{

class SampleSession final : public Session
{
    Q_OBJECT

public:
    struct Cast {
        std::vector<RosterItem> contacts;
        std::vector<Presence> presences;
        QString typing;   ///< writes for ever
        QString refusing; ///< every message to it fails
        QString asking;   ///< wants to be a contact
    };
    explicit SampleSession(Cast cast, QObject *parent = nullptr);
    ~SampleSession() override;

    void open(const Login &login) override;
    void retryNow() override;
    void close() override;
    void setActive(bool) override {}
    void setThrifty(bool) override {}

    State state() const override { return m_state; }
    QDateTime retryAt() const override { return {}; }
    QString trouble() const override { return {}; }
    QString wire() const override;
    bridge::Traffic traffic() const override;

    void write(const QByteArray &stanza, std::int64_t tag) override;
    void writeTransient(const QByteArray &) override {}
    void requestAck() override;
    void refuseCount(std::uint32_t, std::uint32_t) override {}

    void setRosterItem(const QString &address, const QString &name, Done done) override;
    void removeRosterItem(const QString &address, Done done) override;
    void queryArchive(const ArchiveQuery &query, std::function<void(const Incoming &)> item,
                      std::function<void(base::Result<ArchivePage>)> done) override;

private:
    void answer(const QString &peer, const QString &id);
    void keepTyping();

    Cast m_cast;
    State m_state = State::Offline;
    std::uint32_t m_count = 0;
};

} // namespace godwit::session
