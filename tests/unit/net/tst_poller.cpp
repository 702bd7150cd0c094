// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Loopback.h"
#include "UnitTest.h"

#include <QTest>
#include <QTimer>

#include <thread>

using namespace godwit;
using namespace godwit::net;
using namespace godwit::net::test;
using namespace std::chrono_literals;

class TstPoller : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timersFireInTheLoop()
    {
        HerePoller poller;
        int fired = 0;
        poller->timers().start(20ms, [&] { ++fired; });
        poller->timers().start(1ms, [&] { poller->timers().start(1ms, [&] { ++fired; }); });
        QTRY_COMPARE(fired, 2);
    }

    void hooksRunOnceATurnBeforeOutput()
    {
        HerePoller poller;
        Pair pair(*poller);
        int hooks = 0;
        const auto id = poller->addTurnEndHook([&] {
            ++hooks;
            if (!pair.recorder.bytes.empty()) {
                pair.server->append("h");
                pair.recorder.bytes.clear();
            }
        });
        pair.recorder.inBytes = [&](std::string_view) { pair.server->append("b"); };
        const auto turns = poller->statistics().turns;
        const auto sends = poller->statistics().sends;
        pair.client->send("x");
        QTRY_COMPARE(pair.client->received(), std::string("bh"));
        QCOMPARE(poller->statistics().sends, sends + 1);
        QCOMPARE(static_cast<std::uint64_t>(hooks), poller->statistics().turns - turns);
        poller->removeTurnEndHook(id);
        pair.client->clear();
        pair.client->send("x");
        QTRY_COMPARE(pair.client->received(), std::string("b"));
    }

    void requestedTurnsCome()
    {
        HerePoller poller;
        int hooks = 0;
        poller->addTurnEndHook([&] {
            if (++hooks < 3) {
                poller->requestTurn();
            }
        });
        poller->requestTurn();
        poller->requestTurn();
        QTRY_COMPARE(hooks, 3);
        QCoreApplication::processEvents();
        QCOMPARE(hooks, 3);
    }

    void qtIsNotStarved()
    {
        HerePoller poller;
        bool running = true;
        std::function<void()> again = [&] {
            if (running) {
                poller->mailbox().post([&] { again(); });
            }
        };
        again();
        int ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] { ++ticks; });
        timer.start(1);
        QTRY_VERIFY(ticks >= 5);
        running = false;
    }

    void handlersThatAskForeverDoNotHoldUpATurn()
    {
        class Asker final : public EventHandler
        {
        public:
            explicit Asker(Poller &poller)
                : m_poller(poller)
            {
            }
            ~Asker() override { m_poller.forgetTurnEnd(*this); }
            void onReady(Readiness) override {}
            void onTurnEnd() override
            {
                ++calls;
                m_poller.callAtTurnEnd(*this);
            }
            int calls = 0;

        private:
            Poller &m_poller;
        };
        HerePoller poller;
        Asker asker(*poller);
        poller->callAtTurnEnd(asker);
        bool ran = false;
        poller->mailbox().post([&] { ran = true; });
        QTRY_VERIFY(ran && asker.calls > 10);
    }

    void queuedCallsAndTimersOfQtWorkInItsThread()
    {
        const base::SystemClock clock;
        auto poller = *Poller::create(clock);
        std::atomic<int> done{0};
        std::thread thread([&] { poller->run(); });
        poller->mailbox().post([&] {
            QTimer::singleShot(1, [&] { ++done; });
            auto *context = new QObject;
            QMetaObject::invokeMethod(
                context,
                [&done, context] {
                    context->deleteLater();
                    ++done;
                },
                Qt::QueuedConnection);
        });
        const bool both = QTest::qWaitFor([&done] { return done.load() == 2; });
        poller->stop();
        thread.join();
        QVERIFY(both);
    }
};

GODWIT_TEST(TstPoller);
#include "tst_poller.moc"
