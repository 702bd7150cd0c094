// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Addresses an account wants nothing to do with (XEP-0191). What comes from them is answered as if nobody were there;
// what already waits from them is forgotten (DELIVERY.md rule 3); they see the account leave. Subscriptions stay as
// they are ("polite blocking").

#include "modules/BuiltIn.h"

#include "xml/XmlWriter.h"

#include <algorithm>
#include <deque>
#include <set>
#include <unordered_map>

namespace godwit::modules
{

namespace
{

constexpr std::string_view blockingNs = "urn:xmpp:blocking";
constexpr const char *valueKind = "blocking";
constexpr const char *valueKey = "list";
constexpr std::size_t blockedMaxDefault = 1'000;
constexpr std::size_t idBytes = 9;

using stream::StanzaCondition;
using stream::StanzaError;
using Addresses = std::set<std::string, std::less<>>;

/// XEP-0191 §6, in its order.
bool covers(const Addresses &blocked, const jid::Jid &other)
{
    if (blocked.empty()) {
        return false;
    }
    if (blocked.contains(other.text()) || blocked.contains(other.bareText()) || blocked.contains(other.domain())) {
        return true;
    }
    return !other.resource().empty() &&
           blocked.contains(std::string(other.domain()) + '/' + std::string(other.resource()));
}

/// One address in each line, as the store keeps it.
std::string join(const Addresses &addresses)
{
    std::string text;
    for (const std::string &address : addresses) {
        text += address;
        text += '\n';
    }
    return text;
}

Addresses split(std::string_view text)
{
    Addresses addresses;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) {
            addresses.emplace(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return addresses;
}

/// The items of a request; an error for one that is no address.
base::Result<Addresses> readItems(xml::ElementView request)
{
    Addresses addresses;
    for (const xml::ElementView item : xml::children(request)) {
        if (!item.is("item", blockingNs)) {
            continue;
        }
        const base::Result<jid::Jid> jid = jid::Jid::parse(item.attribute("jid"));
        if (!jid) {
            return jid.error();
        }
        addresses.insert(jid->text());
    }
    return addresses;
}

void writeItems(xml::XmlWriter &writer, const Addresses &addresses)
{
    for (const std::string &address : addresses) {
        writer.open("item").attribute("jid", address).close();
    }
}

StanzaError blockedError()
{
    StanzaError error(StanzaCondition::NotAcceptable);
    error.application = "<blocked xmlns='urn:xmpp:blocking:errors'/>";
    return error;
}

class Blocking final : public Module
{
public:
    ModuleInfo info() const override
    {
        return {"blocking", "XEP-0191", "1.3", "complete", "Lets accounts block whom they do not want to hear of"};
    }

    void start(Services &services, Hooks &hooks) override
    {
        m_services = &services;
        const auto &settings = services.settings("blocking");
        if (const auto found = settings.find("max"); found != settings.end()) {
            m_blockedMax = std::stoul(found->second);
        }
        hooks.addFeature(IqTarget::Server, std::string(blockingNs));
        hooks.addFeature(IqTarget::Account, std::string(blockingNs));
        hooks.onIq(IqTarget::Account, std::string(blockingNs),
                   [this](const IqRequest &request, IqReply reply) { answer(request, std::move(reply)); });
        hooks.onAccountNeeded(
            [this](const std::string &account, Hooks::LoadDone done) { load(account, std::move(done)); });
        const auto forget = [this](const std::string &account) { m_blocked.erase(account); };
        hooks.onAccountForgotten(forget);
        hooks.onAccountRemoved(forget);
        hooks.onIncoming([this](Passage &passage) { return judgeIncoming(passage); });
        hooks.onOutgoing([this](Passage &passage) { return judgeOutgoing(passage); });
        hooks.onSessionEnded([this](SessionPort &session) { m_interested.erase(session.id()); });
    }

private:
    enum class Change : std::uint8_t { Block, Unblock, UnblockAll };
    struct Wish {
        Change change;
        Addresses addresses;
        IqReply reply;
    };
    /// Changes of an account are made one after the other, each on what the one before left.
    struct Queue {
        std::deque<Wish> wishes;
    };

    // Stanzas ---------------------------------------------------------------------------------------------------------

    bool blocks(const Passage &passage) const
    {
        if (m_blocked.empty()) {
            return false;
        }
        const auto found = m_blocked.find(passage.account);
        // An account never blocks itself nor its own server (XEP-0191 §5).
        return found != m_blocked.end() && passage.other.bareText() != passage.account &&
               passage.other.text() != jid::Jid::fromPrepared(passage.account).domain() &&
               covers(found->second, passage.other);
    }

    Verdict judgeIncoming(Passage &passage) const
    {
        if (!blocks(passage)) {
            return Verdict::Continue;
        }
        if (passage.stanza.kind == xml::StanzaKind::Presence) {
            return Verdict::Handled;
        }
        passage.refusal = StanzaError(StanzaCondition::ServiceUnavailable);
        return Verdict::Refuse;
    }

    Verdict judgeOutgoing(Passage &passage) const
    {
        if (!blocks(passage)) {
            return Verdict::Continue;
        }
        passage.refusal = blockedError();
        return Verdict::Refuse;
    }

    // Requests --------------------------------------------------------------------------------------------------------

    void answer(const IqRequest &request, IqReply reply)
    {
        if (!request.byOwner || !request.session) {
            reply.error(StanzaError(StanzaCondition::Forbidden));
            return;
        }
        if (request.session->anonymous()) {
            reply.error(StanzaError(StanzaCondition::ServiceUnavailable));
            return;
        }
        const xml::ElementView payload = request.iq.payload();
        const std::string_view name = payload.name();
        if (request.iq.type == xml::StanzaType::Get && name == "blocklist") {
            m_interested.insert(request.session->id());
            tell(request.account.text(), std::move(reply));
            return;
        }
        if (request.iq.type != xml::StanzaType::Set || (name != "block" && name != "unblock")) {
            reply.error(StanzaError(StanzaCondition::BadRequest));
            return;
        }
        base::Result<Addresses> items = readItems(payload);
        if (!items) {
            reply.error(StanzaError(StanzaCondition::JidMalformed));
            return;
        }
        if (name == "block" && items->empty()) {
            reply.error(StanzaError(StanzaCondition::BadRequest));
            return;
        }
        const Change change = name == "block" ? Change::Block : items->empty() ? Change::UnblockAll : Change::Unblock;
        Queue &queue = m_queues[request.account.text()];
        queue.wishes.push_back(Wish{change, std::move(*items), std::move(reply)});
        if (queue.wishes.size() == 1) {
            // What the next wish is applied to must not be forgotten when its client is gone before its turn comes.
            m_services->holdAccount(request.account.text());
            begin(request.account.text());
        }
    }

    void tell(const std::string &account, IqReply reply) const
    {
        std::string payload;
        xml::XmlWriter writer(payload);
        writer.open("blocklist", blockingNs);
        if (const auto found = m_blocked.find(account); found != m_blocked.end()) {
            writeItems(writer, found->second);
        }
        writer.close();
        reply.result(payload);
    }

    /// The oldest wish of the account: what the list becomes is written, then it holds.
    void begin(const std::string &account)
    {
        const Wish &wish = m_queues[account].wishes.front();
        Addresses next = wish.change == Change::UnblockAll ? Addresses() : m_blocked[account];
        for (const std::string &address : wish.addresses) {
            if (wish.change == Change::Block) {
                next.insert(address);
            } else {
                next.erase(address);
            }
        }
        if (wish.change == Change::Block && next.size() > m_blockedMax) {
            finish(account, StanzaError(StanzaCondition::ResourceConstraint, "Too many addresses are blocked"));
            return;
        }
        std::string text = join(next);
        m_services->accounts().putValue(
            account, valueKind, valueKey, std::move(text),
            [this, account, next = std::move(next)](const base::Result<base::Ok> &stored) mutable {
                if (!stored) {
                    finish(account, stream::toStanzaError(stored.error()));
                    return;
                }
                apply(account, std::move(next));
            });
    }

    void apply(const std::string &account, Addresses next)
    {
        Addresses before = m_blocked[account];
        const auto changed = [](const Addresses &from, const Addresses &against) {
            return [&from, &against](const jid::Jid &jid) { return covers(from, jid) && !covers(against, jid); };
        };
        // They see us go while they may still hear of us, and see us again once they may.
        m_services->hideFrom(account, changed(next, before));
        m_blocked[account] = next;
        m_services->showTo(account, changed(before, next));
        if (next.empty()) {
            m_blocked.erase(account);
        }
        Addresses fresh;
        std::set_difference(next.begin(), next.end(), before.begin(), before.end(), std::inserter(fresh, fresh.end()));
        forgetPending(account, fresh, [this, account](const base::Result<base::Ok> &forgotten) {
            finish(account, forgotten.ok() ? std::nullopt : std::optional(stream::toStanzaError(forgotten.error())));
        });
    }

    void finish(const std::string &account, const std::optional<StanzaError> &failure)
    {
        Queue &queue = m_queues[account];
        Wish wish = std::move(queue.wishes.front());
        queue.wishes.pop_front();
        if (failure) {
            wish.reply.error(*failure);
        } else {
            wish.reply.result();
            push(account, wish);
        }
        if (!queue.wishes.empty()) {
            begin(account);
        } else {
            m_queues.erase(account);
            m_services->releaseAccount(account);
        }
    }

    void push(const std::string &account, const Wish &wish)
    {
        for (SessionPort *session : m_services->sessionsOf(account)) {
            if (!m_interested.contains(session->id())) {
                continue;
            }
            std::string iq;
            xml::XmlWriter writer(iq);
            writer.open("iq")
                .attribute("from", account)
                .attribute("to", session->jid().text())
                .attribute("id", m_services->random().token(idBytes))
                .attribute("type", "set");
            writer.open(wish.change == Change::Block ? "block" : "unblock", blockingNs);
            writeItems(writer, wish.addresses);
            writer.close().close();
            session->write(iq);
        }
    }

    // What waits from whom is blocked now -----------------------------------------------------------------------------

    /// A whole account is dropped by its name. Of a domain the accounts that have something waiting are looked for.
    /// What waits from single resources stays: the log keeps messages by account.
    void forgetPending(const std::string &account, const Addresses &fresh, Hooks::LoadDone done)
    {
        Addresses peers;
        Addresses domains;
        for (const std::string &address : fresh) {
            const jid::Jid jid = jid::Jid::fromPrepared(address);
            if (jid.isBare()) {
                peers.insert(address);
                if (!jid.hasLocal()) {
                    domains.insert(address);
                }
            }
        }
        if (domains.empty()) {
            drop(account, std::move(peers), std::move(done));
            return;
        }
        findPeers(account, ledger::Seq(), std::move(domains), std::move(peers), std::move(done));
    }

    void findPeers(const std::string &account, ledger::Seq after, Addresses domains, Addresses peers,
                   Hooks::LoadDone done)
    {
        ledger::LogRange range;
        range.account = account;
        range.after = after;
        range.upTo = m_services->log().lastCommitted();
        m_services->log().readPending(
            std::move(range), [this, account, domains = std::move(domains), peers = std::move(peers),
                               done = std::move(done)](base::Result<ledger::LogPage> page) mutable {
                if (!page) {
                    done(page.error());
                    return;
                }
                for (const ledger::LogRow &row : page->rows) {
                    if (domains.contains(jid::Jid::fromPrepared(row.sender).domain())) {
                        peers.insert(row.sender);
                    }
                }
                if (page->complete || page->rows.empty()) {
                    drop(account, std::move(peers), std::move(done));
                    return;
                }
                findPeers(account, page->rows.back().seq, std::move(domains), std::move(peers), std::move(done));
            });
    }

    void drop(const std::string &account, Addresses peers, Hooks::LoadDone done)
    {
        // An account never blocks itself; notes to self stay.
        peers.erase(account);
        if (peers.empty()) {
            done(base::Ok{});
            return;
        }
        std::string peer = std::move(peers.extract(peers.begin()).value());
        m_services->log().dropPending(account, std::move(peer),
                                      [this, account, peers = std::move(peers),
                                       done = std::move(done)](const base::Result<base::Ok> &dropped) mutable {
                                          if (!dropped) {
                                              done(dropped.error());
                                              return;
                                          }
                                          m_services->pendingDropped(account);
                                          drop(account, std::move(peers), std::move(done));
                                      });
    }

    void load(const std::string &account, Hooks::LoadDone done)
    {
        m_services->accounts().getValue(
            account, valueKind, valueKey,
            [this, account, done = std::move(done)](const base::Result<std::string> &value) {
                if (!value && value.error().code() != base::ErrorCode::NotFound) {
                    done(value.error());
                    return;
                }
                if (value.ok() && !value->empty()) {
                    m_blocked[account] = split(*value);
                }
                done(base::Ok{});
            });
    }

    Services *m_services = nullptr;
    std::size_t m_blockedMax = blockedMaxDefault;
    std::unordered_map<std::string, Addresses> m_blocked; ///< of accounts that block anybody
    std::unordered_map<std::string, Queue> m_queues;
    std::set<session::SessionId> m_interested; ///< sessions that asked for the list: they hear of changes
};

} // namespace

std::unique_ptr<Module> makeBlocking()
{
    return std::make_unique<Blocking>();
}

} // namespace godwit::modules
