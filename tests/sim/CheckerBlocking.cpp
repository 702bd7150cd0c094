// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Blocking (DELIVERY.md rule 3): what is sent while it surely holds is never stored, and what waited when it began is
// shown to no session that comes later. Between a wish and its answer the server may do either.

#include "Checker.h"

namespace godwit::sim
{

bool Checker::isBlocked(const std::string &owner, const std::string &peer) const
{
    const auto found = m_wishes.find({owner, peer});
    return found != m_wishes.end() && found->second.blocks && found->second.holds;
}

bool Checker::wishedBetween(const std::string &one, const std::string &other) const
{
    return m_wishes.contains({one, other}) || m_wishes.contains({other, one});
}

void Checker::onBlockingRead(const SessionBook &session, std::string_view frame)
{
    const std::size_t item = frame.find("<item");
    const std::string peer(attributeOf(frame.substr(item), "jid"));
    m_wishes[{session.account, peer}] = Wish{std::string(attributeOf(frame, "id")), contains(frame, "<block "), false};
    for (Message &message : m_messages) {
        const bool between = (message.sender == peer && message.recipient == session.account) ||
                             (message.sender == session.account && message.recipient == peer);
        if (between) {
            message.barred = false;
            message.mayVanish = message.mayVanish || (message.answers >= 0 && !message.durable);
        }
    }
}

void Checker::onBlockingDone(const SessionBook &session, std::string_view frame)
{
    for (auto &[pair, wish] : m_wishes) {
        if (pair.first != session.account || wish.id != attributeOf(frame, "id") ||
            attributeOf(frame, "type") != "result") {
            continue;
        }
        wish.holds = true;
        m_stage.saw(wish.blocks ? Event::Blocked : Event::Unblocked);
        if (!wish.blocks) {
            continue;
        }
        ++m_proofCount;
        for (const Disk::Row &row : m_disk.rows()) {
            if (row.row.recipient == pair.first && row.row.sender == pair.second) {
                m_dropped.try_emplace(row.row.seq, m_proofCount);
            }
        }
    }
}

void Checker::onDropped(const ledger::LogRow &row)
{
    const int index = indexOf(textOf(*row.stanza, "body"));
    if (index >= 0) {
        message(index).dropped = true;
    }
    for (const std::weak_ptr<SessionBook> &weak : m_sessions) {
        const std::shared_ptr<SessionBook> session = weak.lock();
        if (session && session->account == row.recipient) {
            session->expectDirect.erase(row.seq);
            session->expectAnyForm.erase(row.seq);
        }
    }
}

void Checker::checkDropped(const Conversation &conversation, const Disk::Row &row)
{
    const auto dropped = m_dropped.find(row.row.seq);
    const bool before = dropped != m_dropped.end() && conversation.session &&
                        conversation.account == row.row.recipient && dropped->second <= conversation.session->boundAt;
    if (before) {
        m_stage.report.fail("rule 3 (dropped)", "row " + std::to_string(row.row.seq.value & 0xffff) + " of somebody " +
                                                    "who is blocked was written to client " +
                                                    std::to_string(conversation.client));
    }
}

} // namespace godwit::sim
