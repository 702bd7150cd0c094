// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "UnitTest.h"

#include "base/Random.h"
#include "net/Timers.h"

#include <QTest>

#include <map>
#include <memory>

using namespace godwit;
using namespace godwit::net;
using namespace std::chrono_literals;

class TstTimers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysInItsBudget() { QVERIFY(Timers::bytesEach() <= 64); }

    void firesInOrderOfDeadlines()
    {
        base::ManualClock clock;
        Timers timers(clock);
        std::string fired;
        timers.start(30ms, [&] { fired += 'c'; });
        timers.start(10ms, [&] { fired += 'a'; });
        timers.start(20ms, [&] { fired += 'b'; });
        timers.runDue();
        QCOMPARE(fired, std::string());
        clock.advance(20ms);
        timers.runDue();
        QCOMPARE(fired, std::string("ab"));
        QCOMPARE(timers.next(), std::optional(clock.now() + 10ms));
        clock.advance(1s);
        timers.runDue();
        timers.runDue();
        QCOMPARE(fired, std::string("abc"));
        QCOMPARE(timers.size(), std::size_t{0});
        QVERIFY(!timers.next());
    }

    void cancelledOnesDoNotFire()
    {
        base::ManualClock clock;
        Timers timers(clock);
        int fired = 0;
        const TimerId first = timers.start(1ms, [&] { ++fired; });
        QVERIFY(timers.cancel(first));
        QVERIFY(!timers.cancel(first));
        QVERIFY(!timers.cancel(TimerId()));
        const TimerId second = timers.start(1ms, [&] { ++fired; });
        QVERIFY(second != first);
        QVERIFY(!timers.cancel(first));
        clock.advance(1s);
        timers.runDue();
        QCOMPARE(fired, 1);
        QVERIFY(!timers.cancel(second));
        QVERIFY(!timers.restart(second, 1s));
    }

    void restartMovesBothWays()
    {
        base::ManualClock clock;
        Timers timers(clock);
        int fired = 0;
        const TimerId id = timers.start(10ms, [&] { ++fired; });
        QVERIFY(timers.restart(id, 100ms));
        clock.advance(50ms);
        timers.runDue();
        QCOMPARE(fired, 0);
        QVERIFY(timers.restart(id, 1ms));
        clock.advance(1ms);
        timers.runDue();
        QCOMPARE(fired, 1);
    }

    void callbacksMayStartAndCancel()
    {
        base::ManualClock clock;
        Timers timers(clock);
        int fired = 0;
        TimerId victim;
        timers.start(1ms, [&] {
            timers.cancel(victim);
            timers.start(0ms, [&] { ++fired; });
        });
        victim = timers.start(1ms, [&] { fired += 100; });
        clock.advance(1ms);
        timers.runDue();
        timers.runDue();
        QCOMPARE(fired, 1);
    }

    void aTimerThatRestartsItselfDoesNotHang()
    {
        base::ManualClock clock;
        Timers timers(clock);
        int fired = 0;
        std::function<void()> again = [&] {
            ++fired;
            timers.start(0ms, again);
        };
        timers.start(0ms, again);
        timers.runDue();
        QCOMPARE(fired, 1);
    }

    void callbacksAreDestroyedWithTheirTimer()
    {
        base::ManualClock clock;
        auto held = std::make_shared<int>(0);
        {
            Timers timers(clock);
            const TimerId id = timers.start(1ms, [held] { ++*held; });
            timers.cancel(id);
            QCOMPARE(held.use_count(), 1L);
            timers.start(1ms, [held] { ++*held; });
            clock.advance(1ms);
            timers.runDue();
            QCOMPARE(held.use_count(), 1L);
            timers.start(1ms, [held] { ++*held; });
        }
        QCOMPARE(held.use_count(), 1L);
        QCOMPARE(*held, 1);
    }

    void tellsWhenTheNextComesEarlier()
    {
        base::ManualClock clock;
        int told = 0;
        Timers timers(clock, [&] { ++told; });
        timers.start(10ms, [] {});
        QCOMPARE(told, 1);
        timers.start(20ms, [] {});
        QCOMPARE(told, 1);
        const TimerId id = timers.start(15ms, [] {});
        timers.restart(id, 5ms);
        QCOMPARE(told, 2);
    }

    /// Random starts, restarts, cancels and steps against a plain map.
    void agreesWithANaiveModel()
    {
        base::SeededRandom random(7);
        base::ManualClock clock;
        Timers timers(clock);
        std::map<int, std::pair<TimerId, base::Instant>> model;
        std::vector<int> fired;
        int next = 0;
        for (int step = 0; step < 20'000; ++step) {
            const auto action = random.below(10);
            const base::Duration delay(static_cast<std::int64_t>(random.below(1000)));
            if (action < 5 || model.empty()) {
                const int name = next++;
                const TimerId id = timers.start(delay, [&fired, name] { fired.push_back(name); });
                model[name] = {id, clock.now() + delay};
            } else if (action < 9) {
                auto chosen = model.begin();
                std::advance(chosen, static_cast<std::ptrdiff_t>(random.below(model.size())));
                if (action < 7) {
                    QVERIFY(timers.restart(chosen->second.first, delay));
                    chosen->second.second = clock.now() + delay;
                } else {
                    QVERIFY(timers.cancel(chosen->second.first));
                    model.erase(chosen);
                }
            } else {
                clock.advance(delay);
                timers.runDue();
                for (const int name : fired) {
                    QVERIFY(model.contains(name));
                    QVERIFY(model.at(name).second <= clock.now());
                    model.erase(name);
                }
                fired.clear();
                for (const auto &[name, timer] : model) {
                    QVERIFY(timer.second > clock.now());
                }
            }
            QCOMPARE(timers.size(), model.size());
        }
    }
};

GODWIT_TEST(TstTimers);
#include "tst_timers.moc"
