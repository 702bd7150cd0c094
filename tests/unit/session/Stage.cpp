// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"

#include <utility>

namespace godwit::test
{

void RecordingOutput::endStanza()
{
    stanza(m_row);
    m_row.clear();
}

QByteArray RecordingOutput::take()
{
    return std::exchange(written, {});
}

void RecordingHost::onStanza(session::Session &, xml::Stanza &&stanza, std::uint32_t number)
{
    open.emplace_back(number, stanza.bytes.size());
}

void RecordingHost::onProved(session::Session &, const std::vector<ledger::SeqRange> &ranges)
{
    for (const ledger::SeqRange &range : ranges) {
        for (std::uint64_t seq = range.low.value; seq <= range.high.value; ++seq) {
            proved += seq;
        }
    }
}

Stage::Stage(const session::SessionLimits &wanted)
    : limits(wanted)
    , session(session::SessionId(1), *jid::Jid::parse("juliet@example.org/balcony"), host, limits, clock, random)
{
    session.attach(output);
}

void Stage::send(const QByteArray &element)
{
    if (base::Result<xml::Stanza> stanza = xml::parseStanza(element.toStdString())) {
        session.receive(std::move(*stanza));
        return;
    }
    xml::Nonza nonza;
    GW_ASSERT(xml::parseDocument(element.toStdString(), "jabber:client", nonza.tree));
    GW_ASSERT(session.receive(nonza));
}

void Stage::sendMessage(int bodyBytes)
{
    send("<message to='romeo@example.org' type='chat'><body>" + QByteArray(bodyBytes, 'x') + "</body></message>");
}

void Stage::resolve(int count)
{
    for (int i = 0; i < count; ++i) {
        const auto [number, bytes] = host.open.front();
        host.open.erase(host.open.begin());
        session.resolve(number, bytes);
    }
}

void Stage::writeRows(std::uint64_t first, int count)
{
    for (int i = 0; i < count; ++i) {
        session.writeRow(ledger::Seq(first + static_cast<std::uint64_t>(i)), ledger::RowForm::Direct, ledger::Gap::No,
                         [](std::string &out) { out += "<message/>"; });
    }
}

void Stage::endTurn()
{
    if (std::exchange(host.turnWanted, false)) {
        session.endTurn();
    }
}

void Stage::advance(base::Duration step)
{
    clock.advance(step);
    session.tick();
    endTurn();
}

} // namespace godwit::test
