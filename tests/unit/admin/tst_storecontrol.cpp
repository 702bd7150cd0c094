// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "admin/StoreControl.h"
#include "store/memory/MemoryEngine.h"

#include <QTest>

using namespace godwit;
using namespace godwit::admin;

namespace
{

AccountKeys account(const std::string &jid, const std::string &key = "key")
{
    AccountKeys one;
    one.jid = jid;
    accounts::ScramKeys keys;
    keys.iterations = 4'096;
    keys.storedKey = key;
    one.credentials.keys = {keys};
    return one;
}

/// What the shards of the server do with the same store.
class Shard final : public store::Executor, public ledger::LogSink
{
public:
    void post(store::Task task) override { m_tasks.push_back(std::move(task)); }
    void onCommitted(std::span<const ledger::Committed> batch) override { last = batch.back().seq; }
    void onNotCommitted(std::span<const ledger::NotCommitted>) override {}
    void run()
    {
        while (!m_tasks.empty()) {
            std::vector<store::Task> tasks;
            tasks.swap(m_tasks);
            for (store::Task &task : tasks) {
                task();
            }
        }
    }
    ledger::Seq last;

private:
    std::vector<store::Task> m_tasks;
};

ledger::Append message(const std::string &sender, const std::string &recipient)
{
    using enum ledger::RowFlag;
    ledger::Append row;
    row.sender = sender;
    row.recipient = recipient;
    row.flags = SenderHere | RecipientHere | Pending | ArchiveSender | ArchiveRecipient;
    row.stanza = base::shareBytes("<message><body>secret</body></message>");
    return row;
}

} // namespace

class TstStoreControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accounts()
    {
        StoreMail mail;
        store::MemoryEngine engine;
        StoreControl control(engine, mail, "example.org", {});
        const auto made = control.put({account("a@example.org"), account("b@example.org"), account("a@example.org"),
                                       account("a@example.net"), account("example.org")},
                                      PutMode::Add);
        QVERIFY(made.ok());
        QCOMPARE(made->size(), std::size_t(5));
        QVERIFY((*made)[0].ok() && (*made)[1].ok());
        QVERIFY((*made)[2].error().code() == base::ErrorCode::AlreadyExists);
        QVERIFY((*made)[3].error().code() == base::ErrorCode::InvalidInput);
        QVERIFY((*made)[4].error().code() == base::ErrorCode::InvalidInput);
        const auto known = control.known({"b@example.org", "c@example.org", "a@example.org"});
        QVERIFY(known.ok());
        QCOMPARE(*known, (std::vector<bool>{true, false, true}));
        const auto set = control.put({account("c@example.org"), account("a@example.org")}, PutMode::Set);
        QVERIFY(set.ok());
        QVERIFY((*set)[0].error().code() == base::ErrorCode::NotFound);
        QVERIFY((*set)[1].ok());
        const auto replaced =
            control.put({account("c@example.org"), account("a@example.org", "newest")}, PutMode::Replace);
        QVERIFY(replaced.ok() && (*replaced)[0].ok() && (*replaced)[1].ok());
        const auto infos = control.list("a@example.org", 1'000);
        QVERIFY(infos.ok());
        QCOMPARE(infos->size(), std::size_t(2));
        QCOMPARE((*infos)[1].jid, std::string("c@example.org"));

        const auto store = engine.accountsFor(mail);
        const auto keys =
            mail.await<accounts::Credentials>([&](auto done) { store->credentials("a@example.org", done); });
        QVERIFY(keys.ok());
        QCOMPARE(keys->keys.front().storedKey, std::string("newest"));
    }

    void removalEndsSessionsWhenNobodyCanLogIn()
    {
        StoreMail mail;
        store::MemoryEngine engine;
        const auto store = engine.accountsFor(mail);
        int ended = 0;
        Surroundings surroundings;
        surroundings.endSessions = [&](const std::string &jid) {
            QCOMPARE(jid, std::string("a@example.org"));
            const auto keys = mail.await<accounts::Credentials>([&](auto done) { store->credentials(jid, done); });
            QVERIFY(!keys.ok() || keys->disabled);
            ++ended;
        };
        StoreControl control(engine, mail, "example.org", surroundings);
        QVERIFY(control.put({account("a@example.org")}, PutMode::Add).ok());
        Shard shard;
        const auto log = engine.logFor(shard, shard);
        log->append(message("a@example.org", "a@example.org"));
        shard.run();
        QVERIFY(control.remove("a@example.org").ok());
        QVERIFY(ended > 0);
        QVERIFY(!control.known({"a@example.org"})->front());
        const auto pending = mail.await<std::uint64_t>([&](auto done) {
            log->countPending("a@example.org", [done](auto n) { done(n); });
            shard.run();
        });
        QVERIFY(pending.ok());
        QCOMPARE(*pending, std::uint64_t(0));
        const auto again = control.remove("a@example.org");
        QVERIFY(!again.ok() && again.error().code() == base::ErrorCode::NotFound);
    }

    void trace()
    {
        StoreMail mail;
        store::MemoryEngine engine;
        StoreControl control(engine, mail, "example.org", {});
        Shard shard;
        const auto log = engine.logFor(shard, shard);
        log->append(message("a@example.org", "b@example.org"));
        shard.run();
        const crypto::StanzaIdCipher ids(engine.stanzaIdKey());
        const std::string sent = ids.encode("a@example.org", shard.last);
        const std::string received = ids.encode("b@example.org", shard.last);
        const auto waiting = control.trace("a@example.org", sent);
        QVERIFY(waiting.ok());
        QVERIFY(waiting->atSender && waiting->atRecipient);
        QCOMPARE(waiting->atSender->stanzaId, sent);
        QCOMPARE(waiting->atRecipient->stanzaId, received);
        QVERIFY(waiting->atRecipient->pending && waiting->atRecipient->proofs.empty());
        QVERIFY(waiting->atRecipient->archived);

        log->prove({"b@example.org", "phone", shard.last, shard.last});
        shard.run();
        const auto proved = control.trace("b@example.org", received);
        QVERIFY(proved.ok());
        QVERIFY(!proved->atRecipient->pending);
        QCOMPARE(proved->atRecipient->proofs.size(), std::size_t(1));
        QCOMPARE(proved->atRecipient->proofs.front().device, std::string("phone"));

        const auto others = control.trace("a@example.org", received);
        QVERIFY(!others.ok() && others.error().code() == base::ErrorCode::InvalidInput);
        const auto gone =
            control.trace("a@example.org", ids.encode("a@example.org", ledger::Seq(shard.last.value + 1)));
        QVERIFY(!gone.ok() && gone.error().code() == base::ErrorCode::NotFound);
    }

    void statusBeginsWithWhatTheServerSays()
    {
        StoreMail mail;
        store::MemoryEngine engine;
        Surroundings surroundings;
        surroundings.status = [] { return std::vector<StatusLine>{{"version", "1"}}; };
        StoreControl control(engine, mail, "example.org", surroundings);
        QVERIFY(control.put({account("a@example.org")}, PutMode::Add).ok());
        const auto lines = control.status();
        QVERIFY(lines.ok());
        QCOMPARE(lines->front().name, std::string("version"));
        QCOMPARE(lines->back().name, std::string("accounts"));
        QCOMPARE(lines->back().value, std::string("1"));
    }
};

GODWIT_TEST(TstStoreControl);
#include "tst_storecontrol.moc"
