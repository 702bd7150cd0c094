// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What every AccountStore does; each case runs on SQLite and in memory.

#include "SqliteTestOptions.h"
#include "StoreHarness.h"
#include "UnitTest.h"

#include "store/memory/MemoryEngine.h"
#include "store/sqlite/SqliteEngine.h"

#include <QTemporaryDir>
#include <QTest>

namespace godwit::test
{

namespace
{

const std::string anna = "anna@example.org";
const std::string bert = "bert@example.org";

accounts::Credentials credentials(const std::string &salt)
{
    using namespace std::string_literals;
    return {{{accounts::ScramHash::Sha1, 4096, salt, "stored\0key"s, "server"},
             {accounts::ScramHash::Sha256, 10'000, salt, "s2", "k2"}},
            false};
}

/// One that expires on that day.
accounts::Token token(int day)
{
    return {"HT-SHA-256-NONE", "secret " + std::to_string(day), base::WallTime(std::chrono::hours(24 * day)),
            4'000'000'000};
}

} // namespace

class TstAccounts : public QObject
{
    Q_OBJECT

    using Done = accounts::Callback<base::Ok>;
    base::Result<base::Ok> say(const std::function<void(accounts::AccountStore &, Done)> &what)
    {
        return m_shard->ask<base::Ok>([&](Done done) { what(*m_shard->accounts, done); });
    }
    template <class T>
    base::Result<T> ask(const std::function<void(accounts::AccountStore &, accounts::Callback<T>)> &what)
    {
        return m_shard->ask<T>([&](accounts::Callback<T> done) { what(*m_shard->accounts, done); });
    }
    void both()
    {
        QTest::addColumn<bool>("memory");
        QTest::newRow("sqlite") << false;
        QTest::newRow("memory") << true;
    }
    void open()
    {
        QFETCH(bool, memory);
        m_dir = std::make_unique<QTemporaryDir>();
        if (memory) {
            m_engine = std::make_unique<store::MemoryEngine>();
        } else {
            auto engine = store::openSqlite(m_dir->path().toStdString(), plainOptions());
            QVERIFY(engine.ok());
            m_engine = std::move(engine).value();
        }
        m_shard = std::make_unique<Shard>(*m_engine);
    }

private Q_SLOTS:
    void cleanup()
    {
        if (m_engine != nullptr) {
            m_engine->close();
        }
        m_shard.reset();
        m_engine.reset();
    }

    void createsAndRemoves_data() { both(); }
    void createsAndRemoves()
    {
        open();
        const auto create = [](const std::string &who) {
            return [who](auto &store, auto done) { store.create(who, credentials("salt"), done); };
        };
        QCOMPARE(*ask<bool>([](auto &store, auto done) { store.exists(anna, done); }), false);
        QVERIFY(say(create(anna)).ok());
        QVERIFY(say(create(bert)).ok());
        QCOMPARE(say(create(anna)).error().code(), base::ErrorCode::AlreadyExists);
        QCOMPARE(*ask<bool>([](auto &store, auto done) { store.exists(anna, done); }), true);
        QCOMPARE(*ask<std::uint64_t>([](auto &store, auto done) { store.count(done); }), std::uint64_t(2));
        auto list = ask<std::vector<accounts::AccountInfo>>([](auto &store, auto done) { store.list(anna, 10, done); });
        QCOMPARE(list->size(), std::size_t(1));
        QCOMPARE(list->front().jid, bert);
        QVERIFY(say([](auto &store, auto done) { store.putValue(anna, "prefs", "a", "1", done); }).ok());
        accounts::RosterItem item;
        item.jid = bert;
        item.version = 1;
        QVERIFY(say([&](auto &store, auto done) { store.putRosterItem(anna, item, done); }).ok());
        QVERIFY(say([](auto &store, auto done) { store.remove(anna, done); }).ok());
        QCOMPARE(say([](auto &store, auto done) { store.remove(anna, done); }).error().code(),
                 base::ErrorCode::NotFound);
        QVERIFY(say(create(anna)).ok());
        auto roster = ask<accounts::Roster>([](auto &store, auto done) { store.roster(anna, done); });
        QVERIFY(roster->items.empty());
        auto value = ask<std::string>([](auto &store, auto done) { store.getValue(anna, "prefs", "a", done); });
        QCOMPARE(value.error().code(), base::ErrorCode::NotFound);
    }

    void keepsCredentials_data() { both(); }
    void keepsCredentials()
    {
        open();
        const auto read = [this] {
            return ask<accounts::Credentials>([](auto &store, auto done) { store.credentials(anna, done); });
        };
        QCOMPARE(read().error().code(), base::ErrorCode::NotFound);
        const auto unknown = say([](auto &store, auto done) { store.setCredentials(anna, credentials("x"), done); });
        QCOMPARE(unknown.error().code(), base::ErrorCode::NotFound);
        QVERIFY(say([](auto &store, auto done) { store.create(anna, credentials("one"), done); }).ok());
        auto first = read();
        QCOMPARE(first->keys.size(), std::size_t(2));
        QCOMPARE(first->keys[0].storedKey.size(), std::size_t(10));
        QCOMPARE(first->keys[1].iterations, 10'000U);
        auto changed = credentials("two");
        changed.disabled = true;
        changed.keys.pop_back();
        QVERIFY(say([&](auto &store, auto done) { store.setCredentials(anna, changed, done); }).ok());
        auto second = read();
        QVERIFY(second->disabled);
        QCOMPARE(second->keys.size(), std::size_t(1));
        QCOMPARE(second->keys[0].salt, std::string("two"));
    }

    void keepsTheRoster_data() { both(); }
    void keepsTheRoster()
    {
        open();
        accounts::RosterItem item{.jid = bert,
                                  .name = "Bert",
                                  .groups = {"Work", "Friends"},
                                  .subscription = accounts::Subscription::Both,
                                  .ask = true,
                                  .approved = true,
                                  .listed = false,
                                  .pendingIn = "<presence/>",
                                  .version = 3};
        const auto put = [&] { return say([&](auto &store, auto done) { store.putRosterItem(anna, item, done); }); };
        QVERIFY(put().ok());
        item.jid = "carl@example.org";
        item.groups = {};
        item.version = 4;
        QVERIFY(put().ok());
        const auto read = [this] {
            return ask<accounts::Roster>([](auto &store, auto done) { store.roster(anna, done); });
        };
        auto roster = read();
        QCOMPARE(roster->version, std::uint64_t(4));
        QCOMPARE(roster->items.size(), std::size_t(2));
        const accounts::RosterItem &kept = roster->items[0];
        QCOMPARE(kept.name, std::string("Bert"));
        QCOMPARE(kept.groups, (std::vector<std::string>{"Friends", "Work"}));
        QVERIFY(kept.subscription == accounts::Subscription::Both);
        QVERIFY(kept.ask && kept.approved && !kept.listed);
        QCOMPARE(kept.pendingIn, std::string("<presence/>"));
        QVERIFY(roster->items[1].groups.empty());
        QVERIFY(say([](auto &store, auto done) { store.removeRosterItem(anna, bert, 5, done); }).ok());
        roster = read();
        QCOMPARE(roster->version, std::uint64_t(5));
        QCOMPARE(roster->items.size(), std::size_t(1));
        QCOMPARE(roster->removed, (std::vector<std::pair<std::string, std::uint64_t>>{{bert, 5}}));
        item.jid = bert;
        item.version = 6;
        QVERIFY(put().ok());
        roster = read();
        QCOMPARE(roster->items.size(), std::size_t(2));
        QVERIFY(roster->removed.empty());
    }

    void keepsValues_data() { both(); }
    void keepsValues()
    {
        open();
        const auto put = [this](const std::string &key, const std::string &value) {
            return say([&](auto &store, auto done) { store.putValue(anna, "block", key, value, done); }).ok();
        };
        QVERIFY(put("b", "1") && put("a", std::string("\0x", 2)) && put("b", "2"));
        auto all = ask<std::vector<std::pair<std::string, std::string>>>(
            [](auto &store, auto done) { store.listValues(anna, "block", done); });
        QCOMPARE(*all, (std::vector<std::pair<std::string, std::string>>{{"a", std::string("\0x", 2)}, {"b", "2"}}));
        QVERIFY(say([](auto &store, auto done) { store.removeValue(anna, "block", "a", done); }).ok());
        QVERIFY(say([](auto &store, auto done) { store.removeValue(anna, "block", "a", done); }).ok());
        auto gone = ask<std::string>([](auto &store, auto done) { store.getValue(anna, "block", "a", done); });
        QCOMPARE(gone.error().code(), base::ErrorCode::NotFound);
        auto kept = ask<std::string>([](auto &store, auto done) { store.getValue(anna, "block", "b", done); });
        QCOMPARE(*kept, std::string("2"));
        auto other = ask<std::string>([](auto &store, auto done) { store.getValue(bert, "block", "b", done); });
        QVERIFY(!other.ok());
    }

    void keepsTokens_data() { both(); }
    void keepsTokens()
    {
        open();
        const auto read = [this](const std::string &device) {
            return ask<accounts::TokenLogin>([&](auto &store, auto done) { store.tokens(anna, device, done); });
        };
        const auto change = [this](const std::string &device, accounts::DeviceTokens before,
                                   accounts::DeviceTokens after) {
            return say([&](auto &store, auto done) { store.changeTokens({anna, device, before, after, 3}, done); });
        };
        QCOMPARE(read("phone").error().code(), base::ErrorCode::NotFound);
        QCOMPARE(change("phone", {}, {token(1), std::nullopt}).error().code(), base::ErrorCode::NotFound);
        QVERIFY(say([](auto &store, auto done) { store.create(anna, credentials("salt"), done); }).ok());
        QVERIFY(read("phone")->tokens == accounts::DeviceTokens());
        QVERIFY(!read("phone")->disabled);
        const accounts::DeviceTokens one{std::nullopt, token(1)};
        const accounts::DeviceTokens two{token(1), token(2)};
        QVERIFY(change("phone", {}, one).ok());
        QVERIFY(read("phone")->tokens == one);
        QVERIFY(read("desk")->tokens == accounts::DeviceTokens());
        QCOMPARE(change("phone", {}, two).error().code(), base::ErrorCode::Conflict);
        QVERIFY(read("phone")->tokens == one);
        QVERIFY(change("phone", one, two).ok());
        QVERIFY(read("phone")->tokens == two);
        QVERIFY(change("phone", two, {}).ok());
        QVERIFY(read("phone")->tokens == accounts::DeviceTokens());
    }

    void boundsTokens_data() { both(); }
    void boundsTokens()
    {
        open();
        QVERIFY(say([](auto &store, auto done) { store.create(anna, credentials("salt"), done); }).ok());
        QVERIFY(say([](auto &store, auto done) { store.create(bert, credentials("salt"), done); }).ok());
        const auto give = [this](const std::string &account, const std::string &device, int day) {
            return say([&](auto &store, auto done) {
                store.changeTokens({account, device, {}, {token(day), std::nullopt}, 3}, done);
            });
        };
        const auto has = [this](const std::string &account, const std::string &device) {
            auto login =
                ask<accounts::TokenLogin>([&](auto &store, auto done) { store.tokens(account, device, done); });
            return login->tokens != accounts::DeviceTokens();
        };
        for (const auto &[device, day] : std::vector<std::pair<std::string, int>>{{"a", 5}, {"b", 2}, {"c", 9}}) {
            QVERIFY(give(anna, device, day).ok());
            QVERIFY(give(bert, device, day).ok());
        }
        // The one that gets some stays, however soon they expire.
        QVERIFY(give(anna, "d", 1).ok());
        QVERIFY(has(anna, "a") && !has(anna, "b") && has(anna, "c") && has(anna, "d"));
        QVERIFY(give(anna, "e", 7).ok());
        QVERIFY(has(anna, "a") && has(anna, "c") && !has(anna, "d") && has(anna, "e"));
        QVERIFY(has(bert, "a") && has(bert, "b") && has(bert, "c"));
    }

    void forgetsTokens_data() { both(); }
    void forgetsTokens()
    {
        open();
        const auto create = [this] {
            return say([](auto &store, auto done) { store.create(anna, credentials("salt"), done); });
        };
        const auto give = [this] {
            return say(
                [](auto &store, auto done) { store.changeTokens({anna, "phone", {}, {token(1), token(2)}, 3}, done); });
        };
        const auto read = [this] {
            return *ask<accounts::TokenLogin>([](auto &store, auto done) { store.tokens(anna, "phone", done); });
        };
        QVERIFY(create().ok());
        QVERIFY(give().ok());
        auto disabled = credentials("new");
        disabled.disabled = true;
        QVERIFY(say([&](auto &store, auto done) { store.setCredentials(anna, disabled, done); }).ok());
        QVERIFY(read().tokens == accounts::DeviceTokens());
        QVERIFY(read().disabled);
        QVERIFY(give().ok());
        QVERIFY(say([](auto &store, auto done) { store.remove(anna, done); }).ok());
        QVERIFY(create().ok());
        QVERIFY(read().tokens == accounts::DeviceTokens());
    }

    void survivesARestart()
    {
        const accounts::DeviceTokens tokens{token(1), token(2)};
        m_dir = std::make_unique<QTemporaryDir>();
        for (int round = 0; round < 2; ++round) {
            auto engine = store::openSqlite(m_dir->path().toStdString(), plainOptions());
            QVERIFY(engine.ok());
            m_engine = std::move(engine).value();
            m_shard = std::make_unique<Shard>(*m_engine);
            if (round == 1) {
                auto login = ask<accounts::TokenLogin>(
                    [](auto &store, auto done) { store.tokens("u1@example.org", "phone", done); });
                QVERIFY(login->tokens == tokens);
            }
            if (round == 0) {
                for (int at = 0; at < 1'000; ++at) {
                    m_shard->accounts->create("u" + std::to_string(at) + "@example.org", credentials("s"), [](auto) {});
                }
            }
            QCOMPARE(*ask<std::uint64_t>([](auto &store, auto done) { store.count(done); }), std::uint64_t(1'000));
            if (round == 0) {
                const accounts::TokenChange change{"u1@example.org", "phone", {}, tokens, 3};
                QVERIFY(say([&](auto &store, auto done) { store.changeTokens(change, done); }).ok());
            }
            cleanup();
        }
    }

private:
    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<store::Engine> m_engine;
    std::unique_ptr<Shard> m_shard;
};

} // namespace godwit::test

using godwit::test::TstAccounts;
GODWIT_TEST(TstAccounts);
#include "tst_accounts.moc"
