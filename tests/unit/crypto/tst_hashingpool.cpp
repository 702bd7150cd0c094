// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "crypto/HashingPool.h"

#include <QTest>

#include <atomic>
#include <future>
#include <memory>

using namespace godwit;
using crypto::HashingPool;

namespace
{

crypto::Password password(std::string_view text)
{
    return crypto::Password::prepare(text).value();
}

const HashingPool::Poster runAtOnce = [](std::function<void()> work) { work(); };

/// Keeps a worker busy until it is let go, by standing in its way when it posts.
struct Gate {
    std::promise<void> reached;
    std::promise<void> open;
    HashingPool::Poster poster()
    {
        return [this](std::function<void()> work) {
            work();
            reached.set_value();
            open.get_future().wait();
        };
    }
};

} // namespace

class TstHashingPool : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesTheKeysOfEveryRecipe()
    {
        HashingPool pool({.threads = 2, .waitingMax = 16});
        QCOMPARE(pool.threads(), 2U);
        const std::vector<crypto::ScramRecipe> recipes{{crypto::Hash::Sha1, 100, "salt one"},
                                                       {crypto::Hash::Sha256, 50, "salt two"}};
        std::promise<HashingPool::Keys> done;
        pool.derive(password("pencil"), recipes, runAtOnce,
                    [&](base::Result<HashingPool::Keys> keys) { done.set_value(std::move(keys).value()); });
        const HashingPool::Keys keys = done.get_future().get();
        QCOMPARE(keys.size(), std::size_t(2));
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto expected = crypto::makeScramKeys(password("pencil"), recipes[i]);
            QCOMPARE(keys[i].hash, recipes[i].hash);
            QCOMPARE(keys[i].storedKey, expected.storedKey);
            QCOMPARE(keys[i].serverKey, expected.serverKey);
        }
    }

    /// The limit hashing_waiting_max.
    void refusesWhatDoesNotFit()
    {
        Gate gate;
        HashingPool pool({.threads = 1, .waitingMax = 1});
        const std::vector<crypto::ScramRecipe> recipes{{crypto::Hash::Sha256, 1, "salt"}};
        std::atomic<int> answered = 0;
        pool.derive(password("a"), recipes, gate.poster(), [&](auto) { ++answered; });
        gate.reached.get_future().wait();
        pool.derive(password("b"), recipes, runAtOnce, [&](auto) { ++answered; });
        QCOMPARE(pool.waiting(), std::size_t(1));
        std::optional<base::ErrorCode> refused;
        pool.derive(password("c"), recipes, runAtOnce, [&](auto keys) { refused = keys.error().code(); });
        QVERIFY(refused == base::ErrorCode::LimitExceeded);
        gate.open.set_value();
        QTRY_COMPARE(answered.load(), 2);
    }

    void answersEverythingOnceWhenItEnds()
    {
        Gate gate;
        auto pool = std::make_unique<HashingPool>(HashingPool::Options{.threads = 1, .waitingMax = 100});
        const std::vector<crypto::ScramRecipe> recipes{{crypto::Hash::Sha256, 1, "salt"}};
        std::atomic<int> made = 0;
        std::atomic<int> cancelled = 0;
        const auto count = [&](base::Result<HashingPool::Keys> keys) {
            if (keys.ok()) {
                ++made;
            } else if (keys.error().code() == base::ErrorCode::Cancelled) {
                ++cancelled;
            }
        };
        pool->derive(password("a"), recipes, gate.poster(), count);
        gate.reached.get_future().wait();
        for (int i = 0; i < 20; ++i) {
            pool->derive(password("b"), recipes, runAtOnce, count);
        }
        std::thread ending([&] { pool.reset(); });
        gate.open.set_value();
        ending.join();
        QVERIFY(made.load() >= 1);
        QCOMPARE(made.load() + cancelled.load(), 21);
    }
};

GODWIT_TEST(TstHashingPool);
#include "tst_hashingpool.moc"
