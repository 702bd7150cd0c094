// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"
#include "UnitTest.h"

#include <QTest>

#include <array>
#include <thread>

using namespace godwit;
using namespace godwit::net;
using namespace godwit::net::test;

class TstMailbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsInTheOrderOfEachSender()
    {
        constexpr int senders = 4;
        constexpr int tasks = 20'000;
        HerePoller poller;
        std::array<int, senders> last{};
        int inOrder = 0;
        std::vector<std::thread> threads;
        for (std::size_t sender = 0; sender < senders; ++sender) {
            threads.emplace_back([&, sender] {
                for (int number = 1; number <= tasks; ++number) {
                    poller->mailbox().post([&, sender, number] {
                        inOrder += last[sender] + 1 == number ? 1 : 0;
                        last[sender] = number;
                    });
                }
            });
        }
        const bool all = QTest::qWaitFor([&] { return last == std::array{tasks, tasks, tasks, tasks}; }, 30000);
        for (std::thread &thread : threads) {
            thread.join();
        }
        QVERIFY(all);
        QCOMPARE(inOrder, senders * tasks);
    }

    void pingPongBetweenTwoThreads()
    {
        constexpr int rounds = 5'000;
        const base::SystemClock clock;
        auto far = *Poller::create(clock);
        std::thread thread([&far] { far->run(); });
        auto near = *Poller::create(clock);
        int left = rounds;
        std::function<void()> ping = [&] {
            far->mailbox().post([&] {
                near->mailbox().post([&] {
                    if (--left > 0) {
                        ping();
                    } else {
                        near->stop();
                    }
                });
            });
        };
        ping();
        near->timers().start(std::chrono::seconds(30), [&near] { near->stop(); });
        near->run();
        far->stop();
        thread.join();
        QCOMPARE(left, 0);
    }

    void tasksThatPostAreRunInALaterTurn()
    {
        HerePoller poller;
        bool first = false;
        bool second = false;
        poller->mailbox().post([&] {
            poller->mailbox().post([&] { second = true; });
            first = !second;
        });
        QTRY_VERIFY(second);
        QVERIFY(first);
    }

    void tasksLeftOverAreDestroyedNotRun()
    {
        const base::SystemClock clock;
        auto held = std::make_shared<int>(0);
        {
            auto poller = *Poller::create(clock);
            poller->mailbox().post([held] { ++*held; });
            QCOMPARE(held.use_count(), 2L);
        }
        QCOMPARE(held.use_count(), 1L);
        QCOMPARE(*held, 0);
    }

    void stopBeforeRunReturnsAtOnce()
    {
        const base::SystemClock clock;
        auto poller = *Poller::create(clock);
        poller->stop();
        poller->stop();
        poller->run();
        // What is left of the calls above does not end a later run.
        bool ran = false;
        poller->timers().start(std::chrono::milliseconds(5), [&] {
            ran = true;
            poller->stop();
        });
        poller->run();
        QVERIFY(ran);
    }
};

GODWIT_TEST(TstMailbox);
#include "tst_mailbox.moc"
