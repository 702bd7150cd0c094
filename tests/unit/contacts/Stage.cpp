// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"

#include "base/Assert.h"

#include <algorithm>
#include <utility>

namespace godwit::contacts::test
{

template <class T>
void FakeStore::later(accounts::Callback<T> done, std::function<T()> work)
{
    auto answerIt = [this, done = std::move(done), work = std::move(work)] {
        if (!failures.empty()) {
            const base::ErrorCode code = failures.front();
            failures.pop_front();
            done(base::Error(code, "the disk says no"));
            return;
        }
        done(work());
    };
    if (slow) {
        m_waiting.push_back(std::move(answerIt));
    } else {
        answerIt();
    }
}

bool FakeStore::answer()
{
    if (m_waiting.empty()) {
        return false;
    }
    const std::function<void()> oldest = std::move(m_waiting.front());
    m_waiting.pop_front();
    oldest();
    return true;
}

accounts::RosterItem *FakeStore::item(std::string_view jid)
{
    const auto found = std::ranges::find(kept.items, jid, &accounts::RosterItem::jid);
    return found == kept.items.end() ? nullptr : &*found;
}

void FakeStore::add(accounts::RosterItem item)
{
    kept.version = std::max(kept.version, item.version);
    std::erase_if(kept.removed, [&](const auto &removed) { return removed.first == item.jid; });
    if (accounts::RosterItem *old = this->item(item.jid)) {
        *old = std::move(item);
    } else {
        kept.items.push_back(std::move(item));
    }
}

void FakeStore::roster(std::string, accounts::Callback<accounts::Roster> done)
{
    ++loads;
    later<accounts::Roster>(std::move(done), [this] { return kept; });
}

void FakeStore::putRosterItem(std::string, accounts::RosterItem item, accounts::Callback<base::Ok> done)
{
    ++writes;
    later<base::Ok>(std::move(done), [this, item = std::move(item)] {
        add(item);
        return base::Ok();
    });
}

void FakeStore::removeRosterItem(std::string, std::string jid, std::uint64_t version, accounts::Callback<base::Ok> done)
{
    ++writes;
    later<base::Ok>(std::move(done), [this, jid = std::move(jid), version] {
        std::erase_if(kept.items, [&](const accounts::RosterItem &item) { return item.jid == jid; });
        kept.removed.emplace_back(jid, version);
        kept.version = version;
        return base::Ok();
    });
}

void FakeHost::route(xml::Stanza &&stanza)
{
    // What is written in the bytes and what the fields say must be the same.
    const base::Result<xml::Stanza> parsed = xml::parseStanza(stanza.bytes);
    GW_ASSERT(parsed && parsed->from == stanza.from && parsed->to == stanza.to && parsed->type == stanza.type);
    lines.push_back("-> " + stanza.bytes);
    if (onRoute) {
        std::exchange(onRoute, {})();
    }
}

void FakeHost::deliver(SessionKey session, std::string_view bytes)
{
    GW_ASSERT(xml::parseStanza(bytes).ok());
    lines.push_back(sessions.at(session) + ": " + std::string(bytes));
}

void FakeHost::deliverPresence(SessionKey session, std::string_view bytes, std::string_view sender)
{
    const base::Result<xml::Stanza> parsed = xml::parseStanza(bytes);
    GW_ASSERT(parsed && parsed->from.text() == sender);
    lines.push_back(sessions.at(session) + ": " + std::string(bytes));
}

void FakeHost::becameAvailable(SessionKey session, int priority, Announcement announcement)
{
    lines.push_back(sessions.at(session) + " is available, priority " + std::to_string(priority) +
                    (announcement == Announcement::Initial ? "" : ", again"));
}

void FakeHost::becameUnavailable(SessionKey session)
{
    lines.push_back(sessions.at(session) + " is unavailable");
}

void FakeHost::rosterChanged(const std::string &contact, Listing listing)
{
    roster.push_back((listing == Listing::Listed ? "+" : "-") + contact);
}

void FakeHost::becameIdle(const jid::Jid &)
{
    lines.emplace_back("idle");
}

Stage::Stage(AccountKind kind)
    : contacts(std::make_unique<Contacts>(jid::Jid::fromPrepared("romeo@montague.lit"), kind, store, host, limits))
{
}

SessionKey Stage::key(const std::string &resource)
{
    for (const auto &[key, name] : host.sessions) {
        if (name == resource) {
            return key;
        }
    }
    const SessionKey key(m_nextKey++);
    host.sessions[key] = resource;
    return key;
}

void Stage::sends(const std::string &resource, const std::string &bytes)
{
    base::Result<xml::Stanza> stanza = xml::parseStanza(bytes);
    GW_ASSERT(stanza.ok());
    stanza->from = jid::Jid::fromPrepared("romeo@montague.lit/" + resource);
    xml::restamp(*stanza);
    if (stanza->kind == xml::StanzaKind::Iq) {
        contacts->onRosterIq(key(resource), std::move(stanza).value());
    } else {
        contacts->onOutboundPresence(key(resource), std::move(stanza).value());
    }
}

void Stage::comes(const std::string &bytes)
{
    base::Result<xml::Stanza> stanza = xml::parseStanza(bytes);
    GW_ASSERT(stanza.ok());
    stanza->tree.clear(); // as between accounts
    contacts->onInboundPresence(std::move(stanza).value());
}

void Stage::ends(const std::string &resource)
{
    const SessionKey ended = key(resource);
    contacts->onSessionEnded(ended);
}

void Stage::interested(const std::string &resource)
{
    sends(resource, "<iq id='get' type='get'><query xmlns='jabber:iq:roster'/></iq>");
    forget();
}

void Stage::available(const std::string &resource)
{
    sends(resource, "<presence></presence>");
    forget();
}

void Stage::contact(const std::string &jid, accounts::Subscription subscription)
{
    accounts::RosterItem item;
    item.jid = jid;
    item.subscription = subscription;
    item.version = store.kept.version + 1;
    store.add(item);
}

std::string text(const Lines &lines)
{
    std::string all;
    for (const std::string &line : lines) {
        all += "  " + line + "\n";
    }
    return all;
}

} // namespace godwit::contacts::test
