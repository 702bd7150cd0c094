// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The queue: one step at a time, in the order of arrival, each whole before the next begins.

#include "contacts/Contacts.h"

#include "base/Log.h"

#include <utility>

namespace godwit::contacts
{

namespace
{

bool isSubscription(xml::StanzaType type)
{
    return type == xml::StanzaType::Subscribe || type == xml::StanzaType::Subscribed ||
           type == xml::StanzaType::Unsubscribe || type == xml::StanzaType::Unsubscribed;
}

} // namespace

Contacts::Contacts(jid::Jid account, AccountKind kind, accounts::AccountStore &store, ContactsHost &host,
                   const ContactsLimits &limits)
    : m_account(std::move(account))
    , m_store(store)
    , m_host(host)
    , m_limits(limits)
    , m_kind(kind)
    // An anonymous account's roster is empty and stays so; the store does not know the account.
    , m_loading(kind == AccountKind::Anonymous ? Loading::Done : Loading::NotYet)
{
}

Contacts::~Contacts() = default;

void Contacts::onRosterIq(SessionKey session, xml::Stanza &&iq)
{
    m_sessions.obtain(session, iq.from.resource());
    take({StepKind::RosterIq, session, std::move(iq)});
}

void Contacts::onForeignRosterIq(xml::Stanza &&iq)
{
    if (!iq.isRequest()) {
        return;
    }
    xml::Stanza answer;
    answer.kind = xml::StanzaKind::Iq;
    answer.type = xml::StanzaType::Error;
    answer.from = iq.to;
    answer.to = iq.from;
    answer.id = iq.id;
    answer.bytes = errorReply(Request(iq), Condition::Forbidden);
    m_host.route(std::move(answer));
}

void Contacts::onOutboundPresence(SessionKey session, xml::Stanza &&presence)
{
    m_sessions.obtain(session, presence.from.resource());
    take({StepKind::Outbound, session, std::move(presence)});
}

void Contacts::onInboundPresence(xml::Stanza &&presence)
{
    take({StepKind::Inbound, SessionKey(), std::move(presence)});
}

void Contacts::onSessionEnded(SessionKey session)
{
    OwnSession *record = m_sessions.find(session);
    if (!record || record->ended) {
        return;
    }
    record->ended = true;
    take({StepKind::Ended, session, {}});
}

bool Contacts::idle() const noexcept
{
    return m_sessions.empty() && !m_waiting && !m_writing && !m_working && m_loading != Loading::Running;
}

bool Contacts::maySeePresence(const jid::Jid &entity) const
{
    if (entity.bareText() == m_account.text()) {
        return true;
    }
    const accounts::RosterItem *item = m_roster.find(entity.bareText());
    return item && seenByContact(item->subscription);
}

void Contacts::take(Step &&step)
{
    if (!m_waiting && !m_working && !waits() && (m_loading == Loading::Done || !needsRoster(step))) {
        m_working = true;
        perform(step);
        m_working = false;
        work();
        return;
    }
    if (m_waiting && m_waiting->size() >= m_limits.waitingStepsMax && step.kind != StepKind::Ended) {
        refuse(step, Condition::ResourceConstraint);
        return;
    }
    if (!m_waiting) {
        m_waiting = std::make_unique<std::deque<Step>>();
    }
    m_waiting->push_back(std::move(step));
    work();
}

bool Contacts::waits() const noexcept
{
    return m_writing || m_loading == Loading::Running;
}

/// Who became available made the roster load; without it nobody was told anything that must be taken back.
bool Contacts::needsRoster(const Step &step) const
{
    switch (step.kind) {
    case StepKind::RosterIq:
        return true;
    case StepKind::Ended:
        return false;
    case StepKind::Outbound:
        return isSubscription(step.stanza.type) ||
               (step.stanza.type == xml::StanzaType::Available && step.stanza.to.empty());
    case StepKind::Inbound:
        return isSubscription(step.stanza.type) || step.stanza.type == xml::StanzaType::Probe;
    }
    return true;
}

void Contacts::work()
{
    if (m_working) {
        return;
    }
    m_working = true;
    while (m_waiting && !m_waiting->empty() && !waits()) {
        if (m_loading == Loading::NotYet && needsRoster(m_waiting->front())) {
            loadRoster();
            continue;
        }
        Step step = std::move(m_waiting->front());
        m_waiting->pop_front();
        perform(step);
    }
    if (m_waiting && m_waiting->empty()) {
        m_waiting.reset();
    }
    m_working = false;
    if (idle()) {
        m_host.becameIdle(m_account);
    }
}

void Contacts::perform(Step &step)
{
    switch (step.kind) {
    case StepKind::RosterIq:
        performRosterIq(step.session, step.stanza);
        return;
    case StepKind::Outbound:
        if (isSubscription(step.stanza.type)) {
            performOutboundSubscription(step.session, step.stanza);
        } else {
            performOutboundPresence(step.session, step.stanza);
        }
        return;
    case StepKind::Inbound:
        if (isSubscription(step.stanza.type)) {
            performInboundSubscription(step.stanza);
        } else {
            performInboundPresence(step.stanza);
        }
        return;
    case StepKind::Ended:
        performEnded(step.session);
        return;
    }
}

/// Answers a step that cannot be performed; nothing has changed.
void Contacts::refuse(const Step &step, Condition condition)
{
    switch (step.kind) {
    case StepKind::RosterIq:
        deliver(step.session, errorReply(Request(step.stanza), condition));
        return;
    case StepKind::Outbound:
        if (step.stanza.type != xml::StanzaType::Error) {
            presenceError(step.session, step.stanza, condition);
        }
        return;
    case StepKind::Inbound:
        if (isSubscription(step.stanza.type)) {
            refuseInbound(Request(step.stanza), condition);
        }
        return;
    case StepKind::Ended:
        return;
    }
}

void Contacts::loadRoster()
{
    m_loading = Loading::Running;
    m_store.roster(m_account.text(), [this, alive = m_lifetime.watch()](base::Result<accounts::Roster> answer) {
        if (!alive.expired()) {
            onRosterLoaded(std::move(answer));
        }
    });
}

void Contacts::onRosterLoaded(base::Result<accounts::Roster> &&answer)
{
    if (answer) {
        m_roster.load(std::move(answer).value(), m_limits.tombstonesMax);
        m_loading = Loading::Done;
    } else {
        base::log(base::LogLevel::Error, "contacts", "the roster cannot be read",
                  {{"account", m_account.text()}, {"error", answer.error().text()}});
        m_loading = Loading::NotYet;
        failWaiting(answer.error());
    }
    work();
}

/// Everything that waits for a roster that cannot be read is answered; the next step that needs it asks again.
void Contacts::failWaiting(const base::Error &failure)
{
    const bool nested = std::exchange(m_working, true);
    std::deque<Step> steps = std::move(*m_waiting);
    m_waiting->clear();
    for (Step &step : steps) {
        if (!needsRoster(step)) {
            perform(step);
            continue;
        }
        refuse(step, conditionOf(failure.code()));
        // Messages come in all the same; contacts hear of the session when it sends presence again.
        OwnSession *session = m_sessions.find(step.session);
        if (step.kind == StepKind::Outbound && step.stanza.type == xml::StanzaType::Available && session &&
            !session->ended) {
            becomeAvailable(*session, step.stanza);
        }
    }
    m_working = nested;
}

/// Only one write is under way at a time: its answer comes before the next step.
void Contacts::store(const Edit &edit, AfterWrite after)
{
    // What clients cannot see does not make a new version for them.
    accounts::RosterItem item = edit.next;
    item.version = looksDifferent(edit.before, edit.next) ? m_roster.nextVersion(m_host.now()) : m_roster.version();
    m_writing = true;
    m_store.putRosterItem(
        m_account.text(), item,
        [this, item, after = std::move(after), alive = m_lifetime.watch()](const base::Result<base::Ok> &answer) {
            if (!alive.expired()) {
                onWritten(
                    answer,
                    [&] {
                        m_roster.put(item);
                        m_host.rosterChanged(item.jid, item.listed ? Listing::Listed : Listing::Unlisted);
                    },
                    after);
            }
        });
}

void Contacts::erase(std::string jid, std::uint64_t version, AfterWrite after)
{
    m_writing = true;
    m_store.removeRosterItem(m_account.text(), jid, version,
                             [this, jid, version, after = std::move(after),
                              alive = m_lifetime.watch()](const base::Result<base::Ok> &answer) {
                                 if (!alive.expired()) {
                                     onWritten(
                                         answer,
                                         [&] {
                                             m_roster.remove(jid, version, m_limits.tombstonesMax);
                                             m_host.rosterChanged(jid, Listing::Unlisted);
                                         },
                                         after);
                                 }
                             });
}

void Contacts::onWritten(const base::Result<base::Ok> &answer, const std::function<void()> &enter,
                         const AfterWrite &after)
{
    m_writing = false;
    const bool nested = std::exchange(m_working, true);
    if (answer) {
        enter();
        after(nullptr);
    } else {
        base::log(base::LogLevel::Error, "contacts", "the roster cannot be written",
                  {{"account", m_account.text()}, {"error", answer.error().text()}});
        after(&answer.error());
    }
    m_working = nested;
    work();
}

jid::Jid Contacts::fullJid(const OwnSession &session) const
{
    return jid::Jid::fromPrepared(m_account.text() + '/' + session.resource);
}

/// Nothing goes to a session that is gone.
void Contacts::deliver(SessionKey session, std::string_view bytes)
{
    const OwnSession *record = m_sessions.find(session);
    if (record && !record->ended) {
        m_host.deliver(session, bytes);
    }
}

} // namespace godwit::contacts
