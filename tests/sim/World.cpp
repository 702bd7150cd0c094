// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "World.h"

#include <algorithm>

namespace godwit::sim
{

namespace
{

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Longer than every time limit of the server: a session that could wake up has done so.
constexpr Duration calmTimeMax = seconds(400);

std::vector<std::string> accountNames(unsigned count, base::SeededRandom &dice)
{
    std::vector<std::string> names;
    while (names.size() < count) {
        // Any of a hundred, so that they fall on all shards.
        std::string name = "u" + std::to_string(dice.below(100)) + "@sim.example";
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

} // namespace

World::World(std::uint64_t seed, bool tracing)
    : m_stage(seed, tracing)
    , m_disk(m_stage)
    , m_checker(m_stage, m_disk)
    , m_accounts(accountNames(m_stage.options.accounts, m_stage.dice))
    , m_server(m_stage, m_disk, m_checker, m_accounts)
{
    m_stage.report.note("world of ", m_stage.options.text());
    m_server.start();
    for (unsigned i = 0; i < m_stage.options.clients; ++i) {
        m_clients.push_back(std::make_unique<Client>(m_stage, m_server, m_checker, i, drawTraits(i)));
        m_clients.back()->reconnectAfter(m_stage.delay(Duration(1), milliseconds(500)));
    }
}

ClientTraits World::drawTraits(unsigned index)
{
    const Options &options = m_stage.options;
    ClientTraits traits;
    traits.account = m_accounts[index % m_accounts.size()];
    if (m_stage.chance(70)) {
        traits.resource = "r" + std::to_string(index);
    }
    traits.manages = m_stage.chance(75);
    traits.resumes = m_stage.chance(75);
    traits.carbons = options.carbons && m_stage.chance(70);
    traits.archive = options.archive && m_stage.chance(60);
    traits.mute = options.muteClients && !traits.manages && m_stage.chance(50);
    traits.lazy = m_stage.chance(40);
    traits.presenceFirst = m_stage.chance(25);
    traits.withoutIds = options.withoutIds;
    traits.delays = options.delays && m_stage.chance(70);
    traits.lies = options.liars && traits.manages && m_stage.chance(40);
    traits.priority = m_stage.chance(20) ? -1 : static_cast<int>(m_stage.between(0, 2));
    m_stage.report.note("client ", index, " is ", traits.account, "/", traits.resource, " priority ", traits.priority,
                        traits.manages ? (traits.resumes ? " resuming" : " managed") : " plain",
                        traits.carbons ? " carbons" : "", traits.archive ? " archive" : "", traits.mute ? " mute" : "",
                        traits.lies ? " lying" : "");
    return traits;
}

std::string World::someAddress()
{
    const std::string &account = m_accounts[m_stage.dice.below(m_accounts.size())];
    if (!m_stage.options.fullJids || m_stage.chance(50)) {
        return account;
    }
    const Client &client = anybody();
    return client.fullJid().empty() ? account + "/gone" : client.fullJid();
}

// What happens --------------------------------------------------------------------------------------------------------

void World::scheduleActions()
{
    for (unsigned i = 0; i < m_stage.options.actions; ++i) {
        m_stage.timeline.after(m_stage.delay(milliseconds(1), m_stage.options.length), [this] { act(); });
    }
    const auto micros = static_cast<std::uint64_t>(m_stage.options.length.count());
    for (unsigned i = 0; i < m_stage.options.bounces; ++i) {
        m_stage.timeline.after(Duration(m_stage.extraDice.below(micros)),
                               [this] { m_clients[m_stage.extraDice.below(m_clients.size())]->bounce(); });
    }
    for (unsigned i = 0; i < m_stage.options.blockings; ++i) {
        m_stage.timeline.after(Duration(m_stage.extraDice.below(micros)), [this] {
            Client &client = *m_clients[m_stage.extraDice.below(m_clients.size())];
            client.wish(m_stage.extraChance(60) ? Client::Wish::Block : Client::Wish::Unblock,
                        m_accounts[m_stage.extraDice.below(m_accounts.size())]);
        });
    }
}

void World::act()
{
    Client &client = anybody();
    const Options &options = m_stage.options;
    const std::uint64_t what = m_stage.dice.below(100);
    if (what < 60) {
        const std::string to = someAddress();
        const std::uint64_t burst = m_stage.chance(30) ? m_stage.between(2, 6) : 1;
        for (std::uint64_t i = 0; i < burst; ++i) {
            client.say(to);
        }
        if (m_stage.chance(60)) {
            client.askForAck();
        }
    } else if (what < 70) {
        client.askForAck();
    } else if (what < 80 && options.otherStanzas) {
        client.sayUnstored(someAddress(), static_cast<unsigned>(m_stage.dice.below(6)));
    } else if (what < 85 && options.presenceChanges) {
        client.changePresence(static_cast<int>(m_stage.between(0, 2)) - 1);
    } else if (what < 88 && options.presenceChanges) {
        client.leavePresence();
    } else if (what < 92 && options.inactivity) {
        client.changeActivity(m_stage.chance(50));
    } else if (what < 94) {
        client.lie();
    } else {
        client.acknowledge();
    }
}

void World::scheduleFault()
{
    m_stage.timeline.after(m_stage.delay(milliseconds(1), 2 * m_stage.options.faultEvery), [this] {
        if (m_stage.faults) {
            harm();
            scheduleFault();
        }
    });
}

void World::harm()
{
    const Options &options = m_stage.options;
    Client &client = anybody();
    switch (m_stage.dice.below(8)) {
    case 0:
    case 1:
    case 2:
        if (options.cuts && client.link()) {
            client.link()->cut();
        }
        return;
    case 3:
        if (options.clientCrashes) {
            client.crash();
        }
        return;
    case 4:
        if (options.serverCrashes && m_stage.chance(50)) {
            crashServer();
        }
        return;
    case 5:
        if (options.stalls && client.link()) {
            client.link()->stall(m_stage.delay(milliseconds(100), seconds(20)));
        }
        return;
    case 6:
        if (options.races) {
            client.race();
        }
        return;
    default:
        if (m_stage.chance(30)) {
            client.closeStream();
        }
        return;
    }
}

void World::crashServer()
{
    if (m_server.running()) {
        m_stage.saw(Event::ServerCrash);
        m_server.crash();
        m_checker.onServerCrash();
        m_stage.timeline.after(m_stage.delay(milliseconds(1), seconds(2)), [this] { m_server.start(); });
    }
}

// The end -------------------------------------------------------------------------------------------------------------

void World::calm()
{
    m_stage.report.note("from now on nothing goes wrong");
    m_stage.faults = false;
    m_stage.calmSince = m_stage.timeline.now();
    std::set<std::string> served;
    for (const std::unique_ptr<Client> &client : m_clients) {
        client->settleDown(served.insert(client->traits().account).second);
        client->connect();
    }
}

std::string World::whatIsLeftOf(const Client &client) const
{
    if (!client.online()) {
        return "client " + std::to_string(client.index()) + " is not logged in";
    }
    if (!client.settled()) {
        return "client " + std::to_string(client.index()) + " has messages that nobody answered";
    }
    return m_checker.unseen(*client.session());
}

std::string World::whatIsLeft()
{
    for (const std::unique_ptr<Client> &client : m_clients) {
        if (std::string left = whatIsLeftOf(*client); !left.empty()) {
            return left;
        }
    }
    if (!m_disk.idle() || m_server.inFlight() > 0) {
        return "the server waits for its disk";
    }
    std::set<std::string> archiveReaders;
    for (const std::unique_ptr<Client> &client : m_clients) {
        if (client->traits().archive) {
            archiveReaders.insert(client->traits().account);
        }
    }
    return m_checker.missing(archiveReaders);
}

void World::checkEnd(base::Instant deadline)
{
    const std::string left = whatIsLeft();
    if (left.empty()) {
        m_done = true;
    } else if (m_stage.timeline.now() >= deadline) {
        m_stage.report.fail("promise (everything arrives)", left);
    } else {
        m_stage.timeline.after(seconds(3), [this, deadline] {
            for (const std::unique_ptr<Client> &client : m_clients) {
                client->askForAck();
                client->acknowledge();
            }
            checkEnd(deadline);
        });
    }
}

bool World::until(base::Instant when)
{
    while (!m_stage.report.failed() && !m_done && m_stage.timeline.now() < when) {
        if (!m_stage.timeline.step()) {
            return false;
        }
    }
    return !m_stage.report.failed();
}

Outcome World::run()
{
    scheduleActions();
    scheduleFault();
    const base::Instant end = m_stage.timeline.now() + m_stage.options.length;
    if (until(end)) {
        calm();
        const base::Instant deadline = m_stage.timeline.now() + calmTimeMax;
        m_stage.timeline.after(seconds(1), [this, deadline] { checkEnd(deadline); });
        until(deadline + seconds(60));
    }
    Outcome outcome;
    outcome.ok = !m_stage.report.failed();
    outcome.failure = m_stage.report.failure();
    m_checker.summary(outcome.summary);
    outcome.coverage = m_stage.coverage;
    outcome.lines = m_stage.report.lines();
    return outcome;
}

} // namespace godwit::sim
