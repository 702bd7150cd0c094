// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A session between a router and a wire that only write down what they are told.
#pragma once

#include "session/Session.h"

#include <QByteArray>
#include <QList>

namespace godwit::test
{

/// The wire: what was written, and a kernel that the test fills.
class RecordingOutput final : public session::SessionOutput
{
public:
    void stanza(std::string_view bytes) override { written.append(QByteArrayView(bytes)); }
    void nonza(std::string_view bytes) override { stanza(bytes); }
    std::string &beginStanza() override { return m_row; }
    void endStanza() override;
    void end(session::EndReason reason) override { ended = reason; }
    std::size_t unacknowledgedBytes() const override { return inKernel; }
    std::size_t waitingBytes() const override { return waiting; }
    void pauseReading() override { ++pauses; }
    void resumeReading() override { ++resumptions; }

    /// What was written since the last call.
    QByteArray take();

    QByteArray written;
    std::size_t inKernel = 0;
    std::size_t waiting = 0;
    int pauses = 0;
    int resumptions = 0;
    std::optional<session::EndReason> ended;

private:
    std::string m_row;
};

class RecordingHost final : public session::SessionHost
{
public:
    void onStanza(session::Session &session, xml::Stanza &&stanza, std::uint32_t number) override;
    void onProved(session::Session &session, const std::vector<ledger::SeqRange> &ranges) override;
    void onRoom(session::Session &) override { ++rooms; }
    void onDetached(session::Session &) override { ++detached; }
    void onEnded(session::Session &, session::EndReason reason) override { ended = reason; }
    void atEndOfTurn(session::Session &) override { turnWanted = true; }
    void wakeAt(session::Session &, base::Instant) override {}

    /// Numbers and sizes of the stanzas that came in and were not resolved yet.
    std::vector<std::pair<std::uint32_t, std::size_t>> open;
    QList<quint64> proved; ///< every seq that was proved, in the order in which it was told
    int rooms = 0;
    int detached = 0;
    bool turnWanted = false;
    std::optional<session::EndReason> ended;
};

class Stage
{
public:
    explicit Stage(const session::SessionLimits &limits = {});

    /// The client sends an element.
    void send(const QByteArray &element);
    /// A message that is not durable until it is resolved.
    void sendMessage(int bodyBytes = 1);
    /// The oldest open stanzas become durable.
    void resolve(int count);
    /// The log writes rows to the client.
    void writeRows(std::uint64_t first, int count);
    void endTurn();
    void advance(base::Duration step);

    session::SessionLimits limits;
    base::ManualClock clock;
    base::SeededRandom random{7};
    RecordingHost host;
    RecordingOutput output;
    session::Session session;
};

} // namespace godwit::test
