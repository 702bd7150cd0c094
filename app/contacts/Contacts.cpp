// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/Contacts.h"

#include "jid/Jid.h"
#include "session/Stanzas.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>

namespace godwit::contacts
{

using base::Ok;
using base::Result;
using cache::Contact;
using cache::Store;
using session::Presence;
using session::RosterItem;
using session::Session;

namespace
{

/// Who said to be writing and then said nothing is believed for that long.
constexpr qint64 typingBelievedMs = 30'000;

Contact contactOf(const RosterItem &item)
{
    return {.address = item.address, .name = item.name, .subscription = item.subscription, .asked = item.asked};
}

/// Available before away before not to be disturbed.
int rank(const Presence &presence)
{
    if (presence.show == u"chat" || presence.show.isEmpty()) {
        return 3;
    }
    return presence.show == u"away" ? 2 : 1;
}

} // namespace

QString addressOf(const QString &text)
{
    const auto parsed = jid::Jid::parse(text.trimmed().toStdString());
    if (!parsed || !parsed->hasLocal() || !parsed->isBare()) {
        return {};
    }
    return QString::fromStdString(parsed->text());
}

Contacts::Contacts(cache::Cache &cache, Session &session, QObject *parent)
    : QObject(parent)
    , m_cache(cache)
    , m_session(session)
{
    connect(&session, &Session::rosterReceived, this, &Contacts::onRoster);
    connect(&session, &Session::rosterPushed, this, &Contacts::onPushed);
    connect(&session, &Session::presenceReceived, this, &Contacts::onPresence);
    connect(&session, &Session::subscriptionRequested, this, [this](const QString &address) {
        const auto known = m_contacts.find(address);
        const bool allowed = known != m_contacts.end() &&
                             (known->second.subscription == u"from" || known->second.subscription == u"both");
        if (!allowed && std::ranges::find(m_requests, address) == m_requests.end()) {
            m_requests.push_back(address);
            Q_EMIT listChanged();
        }
    });
    connect(&session, &Session::subscriptionWithdrawn, this, &Contacts::dropRequest);
    connect(&session, &Session::opened, this, [this](Session::Opening opening) {
        if (opening == Session::Opening::Fresh) {
            onLost();
        }
    });
    connect(&session, &Session::lost, this, &Contacts::onLost);
    m_typingEnds.setInterval(1000);
    connect(&m_typingEnds, &QTimer::timeout, this, [this] {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        const auto typing = m_typing;
        for (auto it = typing.begin(); it != typing.end(); ++it) {
            if (it.value() <= now) {
                setTyping(it.key(), false);
            }
        }
    });
}

Contacts::~Contacts() = default;

Result<Ok> Contacts::load()
{
    auto contacts = m_cache.wait<std::vector<Contact>>(
        [](Store &store) -> Result<std::vector<Contact>> { return store.contacts.all(); });
    if (!contacts) {
        return contacts.error();
    }
    for (Contact &contact : *contacts) {
        const QString address = contact.address;
        m_contacts.insert_or_assign(address, std::move(contact));
    }
    return Ok();
}

QString Contacts::name(const QString &address) const
{
    const auto found = m_contacts.find(address);
    return found == m_contacts.end() || found->second.name.isEmpty() ? address : found->second.name;
}

const Presence *Contacts::best(const QString &address) const
{
    const auto resources = m_presences.constFind(address);
    const Presence *best = nullptr;
    if (resources != m_presences.constEnd()) {
        for (const Presence &presence : *resources) {
            if (!best || rank(presence) > rank(*best)) {
                best = &presence;
            }
        }
    }
    return best;
}

bool Contacts::available(const QString &address) const
{
    return best(address) != nullptr;
}

QString Contacts::presenceText(const QString &address) const
{
    const Presence *presence = best(address);
    if (presence && !presence->status.isEmpty()) {
        return presence->status;
    }
    if (!presence) {
        const auto contact = m_contacts.find(address);
        if (contact == m_contacts.end()) {
            return {};
        }
        if (contact->second.asked) {
            return tr("Has not answered your request yet");
        }
        return contact->second.subscription == u"to" || contact->second.subscription == u"both" ? tr("Offline")
                                                                                                : QString();
    }
    if (presence->show == u"away" || presence->show == u"xa") {
        return tr("Away");
    }
    return presence->show == u"dnd" ? tr("Busy") : tr("Available");
}

void Contacts::add(const QString &address, const QString &name)
{
    setRosterItem(address, name, Then::Subscribe);
}

void Contacts::rename(const QString &address, const QString &name)
{
    setRosterItem(address, name, Then::Nothing);
}

void Contacts::setRosterItem(const QString &address, const QString &name, Then then)
{
    m_session.setRosterItem(address, name, [this, address, then](const Result<Ok> &result) {
        if (!result) {
            Q_EMIT failed(address, m_session.state() == Session::State::Online
                                       ? tr("The server did not accept the contact.")
                                       : tr("There is no connection. Try again when it is back."));
            return;
        }
        if (then == Then::Subscribe) {
            m_cache.run([address](Store &store) { store.chats.setKnown(address); });
            const bool asks = std::ranges::find(m_requests, address) != m_requests.end();
            queueSubscription(address, true, asks);
            dropRequest(address);
        }
        Q_EMIT done(address);
    });
}

void Contacts::remove(const QString &address)
{
    m_session.removeRosterItem(address, [this, address](const Result<Ok> &result) {
        if (result) {
            Q_EMIT done(address);
        } else {
            Q_EMIT failed(address, tr("The contact was not removed. Try again when the connection is back."));
        }
    });
}

void Contacts::accept(const QString &address)
{
    const auto known = m_contacts.find(address);
    const bool seesThem = known != m_contacts.end() &&
                          (known->second.subscription == u"to" || known->second.subscription == u"both");
    m_cache.run([address](Store &store) { store.chats.setKnown(address); });
    queueSubscription(address, !seesThem, true);
    dropRequest(address);
}

void Contacts::deny(const QString &address)
{
    const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    Q_EMIT subscriptionQueued(
        address, id,
        session::subscription({.to = address, .id = id, .what = session::Subscription::Unsubscribed}));
    dropRequest(address);
}

void Contacts::queueSubscription(const QString &address, bool subscribe, bool allow)
{
    const auto queue = [&](session::Subscription what) {
        const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        Q_EMIT subscriptionQueued(address, id, session::subscription({.to = address, .id = id, .what = what}));
    };
    if (allow) {
        queue(session::Subscription::Subscribed);
    }
    if (subscribe) {
        queue(session::Subscription::Subscribe);
    }
}

void Contacts::dropRequest(const QString &address)
{
    if (std::erase(m_requests, address) > 0) {
        Q_EMIT listChanged();
    }
}

void Contacts::setTyping(const QString &address, bool typing)
{
    const bool was = m_typing.contains(address);
    if (typing) {
        m_typing[address] = QDateTime::currentMSecsSinceEpoch() + typingBelievedMs;
        m_typingEnds.start();
    } else {
        m_typing.remove(address);
        if (m_typing.isEmpty()) {
            m_typingEnds.stop();
        }
    }
    if (was != typing) {
        Q_EMIT changed(address);
    }
}

void Contacts::onRoster(const std::vector<RosterItem> &items)
{
    m_contacts.clear();
    std::vector<Contact> contacts;
    for (const RosterItem &item : items) {
        contacts.push_back(contactOf(item));
        m_contacts.insert_or_assign(item.address, contacts.back());
    }
    m_cache.run([contacts = std::move(contacts)](Store &store) { store.contacts.replaceAll(contacts); });
    Q_EMIT listChanged();
}

void Contacts::onPushed(const RosterItem &item)
{
    if (item.subscription == u"remove") {
        m_contacts.erase(item.address);
        m_cache.run([address = item.address](Store &store) { store.contacts.remove(address); });
    } else {
        m_contacts.insert_or_assign(item.address, contactOf(item));
        m_cache.run([contact = contactOf(item)](Store &store) { store.contacts.put(contact); });
        if (item.subscription == u"from" || item.subscription == u"both") {
            dropRequest(item.address); // answered, perhaps on another device
        }
    }
    Q_EMIT listChanged();
    Q_EMIT changed(item.address);
}

void Contacts::onPresence(const Presence &presence)
{
    if (presence.available) {
        m_presences[presence.address][presence.resource] = presence;
    } else if (const auto found = m_presences.find(presence.address); found != m_presences.end()) {
        found->remove(presence.resource);
        if (found->isEmpty()) {
            m_presences.erase(found);
            setTyping(presence.address, false);
        }
    }
    Q_EMIT changed(presence.address);
}

void Contacts::onLost()
{
    const auto presences = std::exchange(m_presences, {});
    const auto typing = std::exchange(m_typing, {});
    for (auto it = presences.begin(); it != presences.end(); ++it) {
        Q_EMIT changed(it.key());
    }
    for (auto it = typing.begin(); it != typing.end(); ++it) {
        Q_EMIT changed(it.key());
    }
}

} // namespace godwit::contacts
