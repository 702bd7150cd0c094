// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Checker.h"

#include "base/Number.h"

#include <algorithm>

namespace godwit::sim
{

Checker::Checker(Stage &stage, Disk &disk)
    : m_stage(stage)
    , m_disk(disk)
    , m_ids(crypto::StanzaIdKey{7, 7, 7})
{
    m_disk.setWatcher(this);
}

int Checker::add(Message &&message)
{
    m_messages.push_back(std::move(message));
    return static_cast<int>(m_messages.size()) - 1;
}

int Checker::indexOf(std::string_view token) const
{
    if (!token.starts_with('m')) {
        return -1;
    }
    const std::optional<std::uint32_t> index = base::readNumber<std::uint32_t>(token.substr(1));
    return index && *index < m_messages.size() ? static_cast<int>(*index) : -1;
}

ledger::Seq Checker::seqOf(const std::string &account, const std::string &id) const
{
    return m_ids.decode(account, id).value_or(ledger::Seq());
}

std::string Checker::describe(int index) const
{
    const Message &message = m_messages[static_cast<std::size_t>(index)];
    return tokenOf(index) + " (client " + std::to_string(message.client) + " to " + message.to + ')';
}

// The disk ------------------------------------------------------------------------------------------------------------

void Checker::onDurable(const ledger::LogRow &row)
{
    const int index = indexOf(textOf(*row.stanza, "body"));
    if (index < 0) {
        m_stage.report.fail("rule 1 (what is stored)",
                            "a message that must not be stored is in the log: " + *row.stanza);
        return;
    }
    Message &stored = message(index);
    stored.inFlight = false;
    if (stored.barred) {
        m_stage.report.fail("rule 3 (blocked)", describe(index) + " is in the log although one blocked the other");
    }
    m_stage.saw(Event::Stored);
    m_stage.saw(Event::LaterErrorStored, stored.answers >= 0 ? 1 : 0);
    m_stage.saw(Event::StoredForFullJid, stored.isFull() ? 1 : 0);
    m_stage.saw(Event::StoredForGoneResource, stored.to.ends_with("/gone") ? 1 : 0);
    expect(row, stored);
    m_stage.report.note("disk has ", tokenOf(index), " at ", row.seq.value & 0xffff);
    if (stored.durable) {
        if (stored.hasId) {
            m_stage.report.fail("rule 7 (once)", describe(index) + " is in the log twice");
        }
        return;
    }
    stored.durable = true;
    stored.seq = row.seq;
    int &newest = m_newest.try_emplace({stored.client, stored.session, stored.recipient}, -1).first->second;
    // What was refused and is tried again comes late by right; of errors that a blocking refuses nobody is told.
    if (index < newest && !stored.late && !stored.mayVanish) {
        m_stage.report.fail("rule 8 (order of the log)", describe(index) + " is in the log behind " + tokenOf(newest));
    }
    newest = std::max(newest, index);
}

void Checker::onRefused(const ledger::Append &row)
{
    const int index = indexOf(textOf(*row.stanza, "body"));
    if (index >= 0) {
        message(index).late = true;
        message(index).inFlight = false;
        m_stage.report.note("disk refuses ", tokenOf(index));
    }
}

void Checker::onProof(const ledger::Proof &proof)
{
    m_stage.report.note("proof of ", proof.account, " ", proof.low.value & 0xffff, "..", proof.high.value & 0xffff);
    const std::set<ledger::Seq> &shown = m_shown[proof.account];
    for (const Disk::Row &row : m_disk.rows()) {
        if (row.row.seq < proof.low || row.row.seq > proof.high) {
            continue;
        }
        const bool known = shown.contains(row.row.seq);
        if (row.row.recipient == proof.account && row.pending && !known) {
            m_stage.report.fail("rule 11 (proof)", "row " + std::to_string(row.row.seq.value & 0xffff) + " of " +
                                                       proof.account +
                                                       " counts as received, but no client showed that");
        }
        if (known) {
            m_proved[proof.account].try_emplace(row.row.seq, ++m_proofCount);
        }
        if (known && m_acting) {
            m_acting->proved.insert(row.row.seq);
            m_stage.saw(Event::ArchiveProof, m_acting->archived.contains(row.row.seq) ? 1 : 0);
        }
    }
    m_stage.saw(Event::WeakProof, m_acting ? 0 : 1);
    if (!m_acting) {
        forgetOpen(proof);
    }
    if (m_acting && m_acting->account == proof.account) {
        std::erase_if(m_acting->open, [&](ledger::Seq seq) { return proof.low <= seq && seq <= proof.high; });
    }
}

/// A weak proof: of which session of those without XEP-0198 is not known.
void Checker::forgetOpen(const ledger::Proof &proof)
{
    for (const std::weak_ptr<SessionBook> &weak : m_sessions) {
        const std::shared_ptr<SessionBook> session = weak.lock();
        if (session && session->account == proof.account && !session->counting) {
            std::erase_if(session->open, [&](ledger::Seq seq) { return proof.low <= seq && seq <= proof.high; });
        }
    }
}

void Checker::onServerCrash()
{
    for (Message &message : m_messages) {
        message.inFlight = false;
    }
}

void Checker::onProofLost(const ledger::Proof &proof)
{
    std::erase_if(m_proved[proof.account],
                  [&](const auto &proved) { return proof.low <= proved.first && proved.first <= proof.high; });
}

// The wire ------------------------------------------------------------------------------------------------------------

void Checker::onWritten(Conversation &conversation, std::string_view frame)
{
    const std::string_view name = nameOf(frame);
    onStanzaWritten(conversation, name, frame);
    if (name == "a" || name == "resumed" || name == "failed") {
        checkAck(conversation, frame, name == "resumed");
        return;
    }
    if (name != "message") {
        return;
    }
    if (const std::optional<Copy> copy = copyIn(frame)) {
        checkCopy(conversation, *copy, frame);
    } else if (attributeOf(frame, "type") == "error") {
        checkError(conversation, frame);
    } else {
        checkUnmarked(frame);
    }
}

void Checker::onStanzaWritten(Conversation &conversation, std::string_view name, std::string_view frame)
{
    const bool stanza = name == "message" || name == "iq" || name == "presence";
    if (conversation.mustEnd && stanza) {
        m_stage.report.fail("XEP-0198 §4 (a count that is too high)",
                            "client " + std::to_string(conversation.client) +
                                " acknowledged more than was sent, and its stream goes on: " + std::string(frame));
    }
    const std::string_view id = attributeOf(frame, "id");
    if (name == "iq" && id == "bind") {
        conversation.boundAt = m_proofCount;
    }
    if (!conversation.session) {
        return;
    }
    SessionBook &session = *conversation.session;
    if (name == "enabled") {
        // What came before it has a window of its own.
        session.countsWritten = true;
        session.open.clear();
    } else if (stanza && session.countsWritten) {
        ++session.written;
    } else if (name == "iq" && attributeOf(frame, "from") == "sim.example" && attributeOf(frame, "type") == "get") {
        session.barrier = id;
    }
    if (name == "presence" && attributeOf(frame, "from") == session.full) {
        ++session.presencesEchoed;
        session.takes = session.wants && session.presencesEchoed == session.presencesRead;
    }
    if (name == "iq" && id.starts_with("wish")) {
        onBlockingDone(session, frame);
    }
    if (name == "iq" && id == "carbons" && attributeOf(frame, "type") == "result") {
        session.carbonsOn = true;
    }
}

void Checker::checkUnmarked(std::string_view frame)
{
    const int index = indexOf(textOf(frame, "body"));
    if (index < 0) {
        return;
    }
    if (!message(index).durable) {
        m_stage.report.fail("rule 6 (delivered before its commit)", describe(index) + " went out and is in no log");
    } else {
        m_stage.report.fail("rule 8 (stanza-id)", "a stored message went out without its id: " + std::string(frame));
    }
}

bool Checker::covers(const SessionBook &session, int index) const
{
    if (index < 0) {
        return true;
    }
    const Message &message = m_messages[static_cast<std::size_t>(index)];
    return message.durable || message.mayVanish || message.refusedOn.contains(&session);
}

void Checker::checkAck(Conversation &conversation, std::string_view frame, bool resumed)
{
    const std::optional<std::uint32_t> told = base::readNumber<std::uint32_t>(attributeOf(frame, "h"));
    m_stage.saw(Event::ResumeRefused, nameOf(frame) == "failed" ? 1 : 0);
    if (!told || !conversation.session) {
        return;
    }
    SessionBook &session = *conversation.session;
    const std::uint32_t h = m_stage.counted(*told);
    if (h > session.sent.size() || h < session.told) {
        m_stage.report.fail("rule 5 (h)", "h=" + std::to_string(h) + " where " + std::to_string(session.sent.size()) +
                                              " were sent and " + std::to_string(session.told) + " told before");
        return;
    }
    for (std::uint32_t i = 0; i < h; ++i) {
        const int index = session.sent[i];
        if (covers(session, index)) {
            continue;
        }
        if (resumed) {
            session.owed.push_back(index);
            continue;
        }
        m_stage.report.fail("rule 4 (ack before durable)",
                            "h=" + std::to_string(h) + " covers " + describe(index) + ", which is in no log");
        return;
    }
    m_stage.saw(Event::AckForPart, nameOf(frame) == "a" && h < session.read ? 1 : 0);
    ++conversation.answers;
    session.told = h;
    if (!resumed) {
        return;
    }
    m_stage.saw(Event::Resumed);
    if (conversation.impossible) {
        m_stage.report.fail("XEP-0198 §5 (resumed at a count that cannot be)",
                            "client " + std::to_string(conversation.client) + " asked for " +
                                std::to_string(conversation.resumedAt));
    }
    session.shown.clear();
    session.newest.clear();
    session.read = h;
    session.written = conversation.resumedAt;
}

void Checker::onTurnEnd(Conversation &conversation)
{
    if (!conversation.session) {
        return;
    }
    for (const int index : conversation.session->owed) {
        if (!message(index).refusedOn.contains(conversation.session.get())) {
            m_stage.report.fail("rule 4 (ack before durable)",
                                "<resumed/> covers " + describe(index) + ", which is in no log and was not refused");
        }
    }
    conversation.session->owed.clear();
}

void Checker::checkCopy(Conversation &conversation, const Copy &copy, std::string_view frame)
{
    const int index = indexOf(copy.token);
    if (index < 0) {
        return;
    }
    if (copy.by != conversation.account) {
        m_stage.report.fail("words (stanza-id)", "an id by " + copy.by + " went to " + conversation.account);
        return;
    }
    const ledger::Seq seq = seqOf(conversation.account, copy.id);
    const Disk::Row *row = m_disk.find(seq);
    if (!row || indexOf(textOf(*row->row.stanza, "body")) != index) {
        m_stage.report.fail("rule 6 (delivered before its commit)",
                            describe(index) + " was written to client " + std::to_string(conversation.client) +
                                " as row " + std::to_string(seq.value & 0xffff) + ", which is not it");
        return;
    }
    const std::shared_ptr<SessionBook> &session = conversation.session;
    if (session) {
        session->expectDirect.erase(seq);
        session->expectAnyForm.erase(seq);
    }
    if (copy.kind == CopyKind::Archive) {
        m_stage.saw(Event::ArchiveCopy);
        if (session) {
            session->archived.insert(seq);
        }
        return;
    }
    if (copy.kind == CopyKind::Carbon) {
        m_stage.saw(contains(frame, "<sent ") ? Event::CarbonSent : Event::CarbonReceived);
    } else {
        m_stage.saw(Event::LateCopy, contains(frame, "from='sim.example'") ? 1 : 0);
        m_stage.saw(Event::CopyRepeated, m_written[conversation.account].insert(seq).second ? 0 : 1);
        checkWhether(conversation, message(index));
    }
    checkDropped(conversation, *row);
    checkWindow(conversation, seq);
    const auto proved = m_proved[conversation.account].find(seq);
    const bool before = session && proved != m_proved[conversation.account].end() &&
                        row->row.recipient == conversation.account && proved->second <= session->boundAt;
    if (before || (session && session->proved.contains(seq) && !session->archived.contains(seq))) {
        m_stage.report.fail("rule 8 (repeated after its proof)",
                            describe(index) + " was written again to client " + std::to_string(conversation.client));
    }
    if (copy.kind == CopyKind::Direct) {
        checkOrder(conversation, *row, message(index));
    }
}

void Checker::checkWhether(const Conversation &conversation, const Message &message) const
{
    const SessionBook *session = conversation.session.get();
    if (session && !session->everTook && message.to != session->full) {
        m_stage.report.fail("rule 2 (a negative priority)", "a message to " + message.to + " was written to client " +
                                                                std::to_string(conversation.client) +
                                                                ", which never took messages");
    }
}

void Checker::checkWindow(Conversation &conversation, ledger::Seq seq)
{
    if (!conversation.session || conversation.session->mute) {
        return;
    }
    std::set<ledger::Seq> &open = conversation.session->open;
    const std::size_t most = m_stage.options.session.unprovedMax;
    m_stage.saw(Event::ReplayedRow, open.insert(seq).second ? 0 : 1);
    if (open.size() > most) {
        m_stage.report.fail("rule 10 (the window)", "client " + std::to_string(conversation.client) + " was given " +
                                                        std::to_string(open.size()) + " rows without a proof");
    }
    m_stage.saw(Event::WindowFull, open.size() == most ? 1 : 0);
}

void Checker::checkOrder(Conversation &conversation, const Disk::Row &row, const Message &message)
{
    if (!conversation.session || message.isFull()) {
        return;
    }
    SessionBook &session = *conversation.session;
    const ledger::Seq seq = row.row.seq;
    if (!session.ordered || !session.shown.insert(seq).second) {
        return;
    }
    ledger::Seq &newest = session.newest[row.row.sender];
    if (seq < newest) {
        m_stage.report.fail("rule 8 (order)", "row " + std::to_string(seq.value & 0xffff) + " was written to client " +
                                                  std::to_string(conversation.client) + " behind row " +
                                                  std::to_string(newest.value & 0xffff) + " of the same sender");
    }
    newest = std::max(newest, seq);
}

void Checker::checkError(Conversation &conversation, std::string_view frame)
{
    if (const int later = indexOf(textOf(frame, "body")); later >= 0) {
        m_stage.report.fail("rule 9 (an error that answers an accepted message)",
                            describe(later) + " went out and is in no log");
        return;
    }
    const int index = indexOf(attributeOf(frame, "id"));
    if (index < 0) {
        return;
    }
    Message &bounced = message(index);
    // Whom its sender blocks meanwhile is refused before anybody looks whether it was sent before.
    const bool sealed = m_wishes.contains({bounced.sender, bounced.recipient});
    if (bounced.durable && bounced.hasId && !sealed) {
        m_stage.report.fail("rule 2 (bounced though stored)", describe(index) + " is in the log and came back");
    }
    m_stage.saw(Event::ErrorForMessage);
    bounced.refused = true;
    bounced.late = true;
    bounced.refusedOn.insert(conversation.session.get());
}

// The clients ---------------------------------------------------------------------------------------------------------

void Checker::onReceived(unsigned client, const std::string &account, ledger::Seq seq)
{
    const Disk::Row *row = m_disk.find(seq);
    if (!row || row->row.recipient != account) {
        return;
    }
    const int index = indexOf(textOf(*row->row.stanza, "body"));
    if (index >= 0) {
        message(index).received = true;
        m_stage.report.note("client ", client, " has ", tokenOf(index));
    }
}

void Checker::onAccepted(Conversation &conversation, std::uint32_t h)
{
    const SessionBook &session = *conversation.session;
    h = m_stage.counted(h);
    for (std::uint32_t i = 0; i < h && i < session.sent.size(); ++i) {
        const int index = session.sent[i];
        if (index >= 0 && !message(index).refused) {
            message(index).accepted = true;
        }
    }
}

std::string Checker::missing(const std::set<std::string> &archiveReaders) const
{
    for (std::size_t i = 0; i < m_messages.size(); ++i) {
        const Message &message = m_messages[i];
        const std::string name = describe(static_cast<int>(i));
        if (message.accepted && !message.durable && !message.refused && !message.mayVanish) {
            return name + " was accepted and is in no log";
        }
        if (message.durable && !message.received && !message.dropped) {
            return name + " is in the log as row " + std::to_string(message.seq.value & 0xffff) +
                   " and no device of its recipient has it";
        }
    }
    for (const Disk::Row &row : m_disk.rows()) {
        if (row.pending && !archiveReaders.contains(row.row.recipient)) {
            return std::string(textOf(*row.row.stanza, "body")) + " is still pending as row " +
                   std::to_string(row.row.seq.value & 0xffff) + " of " + row.row.recipient;
        }
    }
    return {};
}

void Checker::summary(std::string &out) const
{
    std::size_t durable = 0;
    std::size_t accepted = 0;
    for (const Message &message : m_messages) {
        durable += message.durable ? 1 : 0;
        accepted += message.accepted ? 1 : 0;
    }
    out += std::to_string(m_messages.size()) + " messages, " + std::to_string(durable) + " stored, " +
           std::to_string(accepted) + " accepted";
}

} // namespace godwit::sim
