// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "RouterStage.h"

#include "modules/BuiltIn.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace godwit::test
{

namespace
{

/// Ids that say what they are.
class PlainIds final : public ledger::StanzaIds
{
public:
    std::string encode(std::string_view, ledger::Seq seq) const override { return std::to_string(seq.value); }
    std::optional<ledger::Seq> decode(std::string_view, std::string_view id) const override
    {
        return ledger::Seq(std::stoull(std::string(id)));
    }
};

} // namespace

void Peer::send(const std::string &element)
{
    if (base::Result<xml::Stanza> stanza = xml::parseStanza(element)) {
        session->receive(std::move(*stanza));
    } else {
        xml::Nonza nonza;
        GW_ASSERT(xml::parseDocument(element, "jabber:client", nonza.tree));
        GW_ASSERT(session->receive(nonza));
    }
    m_stage.endTurn();
}

void Peer::acknowledge()
{
    send("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(stanzas) + "'/>");
}

std::uint32_t Peer::handled()
{
    const std::size_t before = written.size();
    send("<r xmlns='urn:xmpp:sm:3'/>");
    // What is not durable by then is not waited for (rule 5).
    m_stage.advance(std::chrono::milliseconds(600));
    std::optional<std::uint32_t> told;
    for (std::size_t i = before; i < written.size(); ++i) {
        constexpr std::string_view start = "<a xmlns='urn:xmpp:sm:3' h='";
        if (written[i].starts_with(start)) {
            std::uint32_t h = 0;
            std::from_chars(written[i].data() + start.size(), written[i].data() + written[i].size(), h);
            told = h;
        }
    }
    GW_ASSERT(told.has_value());
    return *told;
}

std::size_t Peer::count(std::string_view part) const
{
    return static_cast<std::size_t>(std::count_if(written.begin(), written.end(), [part](const std::string &one) {
        return one.find(part) != std::string::npos;
    }));
}

std::size_t Peer::place(std::string_view part) const
{
    const auto found = std::find_if(written.begin(), written.end(),
                                    [part](const std::string &one) { return one.find(part) != std::string::npos; });
    return static_cast<std::size_t>(found - written.begin());
}

void Peer::stanza(std::string_view bytes)
{
    written.emplace_back(bytes);
    ++stanzas;
}

void Peer::endStanza()
{
    stanza(std::exchange(m_row, {}));
}

RouterStage::RouterStage(std::uint64_t pendingMessagesMax, std::size_t idleAccountsMax)
    : m_engine(&m_clock)
    , m_gate(std::make_unique<ReadGate>(m_engine.logFor(*this, *this), static_cast<store::Executor &>(*this)))
    , m_accounts(m_engine.accountsFor(*this))
    , m_ids(std::make_unique<PlainIds>())
{
    router::RouterOptions options;
    options.hosts = {"example.org"};
    options.pendingMessagesMax = pendingMessagesMax;
    options.idleAccountsMax = idleAccountsMax;
    // Whoever lags reads the log.
    options.recentBytesMax = 0;
    const router::RouterServices services{m_clock, m_random, *m_gate, *m_accounts, *m_ids, *this};
    m_router = std::make_unique<router::Router>(std::move(options), services, modules::allModules({}));
    for (const char *account : {"anna@example.org", "ben@example.org", "carl@example.org"}) {
        m_accounts->create(account, {}, [](const base::Result<base::Ok> &made) { GW_ASSERT(made.ok()); });
    }
    settle();
}

RouterStage::~RouterStage() = default;

Peer &RouterStage::login(const std::string &user, const std::string &resource, Announced announced)
{
    m_peers.push_back(std::make_unique<Peer>(*this));
    Peer &peer = *m_peers.back();
    const base::Result<jid::Jid> full = jid::Jid::parse(user + "@example.org/" + resource);
    GW_ASSERT(full.ok());
    const base::Result<session::Session *> bound =
        m_router->bind(*full, router::AccountKind::Registered, resource, peer);
    GW_ASSERT(bound.ok());
    peer.session = *bound;
    peer.send("<enable xmlns='urn:xmpp:sm:3'/>");
    peer.stanzas = 0;
    if (announced == Announced::Yes) {
        peer.send("<presence></presence>");
    }
    return peer;
}

void RouterStage::settle()
{
    while (!m_tasks.empty()) {
        step();
    }
}

void RouterStage::step()
{
    GW_ASSERT(!m_tasks.empty());
    const store::Task task = std::move(m_tasks.front());
    m_tasks.pop_front();
    task();
    endTurn();
}

void RouterStage::endTurn()
{
    if (m_router) {
        m_router->endTurn();
    }
}

void RouterStage::advance(base::Duration time)
{
    m_clock.advance(time);
    m_router->tick();
    endTurn();
}

} // namespace godwit::test
