// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Poller.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <chrono>

namespace godwit::net
{

namespace
{
/// Turns in one activation: enough to stay out of Qt's loop while there is work, few enough to let its timers in.
constexpr int turnsMax = 8;
/// Some 600 chat messages: a turn of them takes a few milliseconds.
constexpr std::size_t turnInputBytes = 262'144;
constexpr std::size_t connectionInputBytesMin = 4'096;
} // namespace

Poller::Poller(const base::Clock &clock)
    : m_clock(clock)
    , m_timers(clock, [this] {
        if (m_phase == Phase::Outside) {
            armTimer();
        }
    })
{
}

base::Result<std::unique_ptr<Poller>> Poller::create(const base::Clock &clock)
{
    auto set = PollSet::create();
    if (!set) {
        return std::move(set).error();
    }
    auto mailbox = Mailbox::create();
    if (!mailbox) {
        return std::move(mailbox).error();
    }
    std::unique_ptr<Poller> poller(new Poller(clock));
    poller->m_set = *std::move(set);
    poller->m_mailbox = *std::move(mailbox);
    const auto added = poller->m_set->add(poller->m_mailbox->descriptor(), *poller->m_mailbox, Interest::Read);
    if (!added) {
        return added.error();
    }
    return poller;
}

Poller::~Poller() = default;

void Poller::preferPlainEventLoop()
{
    qputenv("QT_NO_GLIB", "1");
}

void Poller::enter()
{
    m_timer = std::make_unique<QTimer>();
    m_timer->setSingleShot(true);
    m_timer->setTimerType(Qt::PreciseTimer);
    QObject::connect(m_timer.get(), &QTimer::timeout, m_timer.get(), [this] { onTimeout(); });
    m_set->enter([this] { onActivity(); });
    armTimer();
}

void Poller::leave()
{
    m_set->leave();
    m_timer.reset();
}

void Poller::run()
{
    m_loop = std::make_unique<QEventLoop>();
    enter();
    if (!m_stopping.load()) {
        m_loop->exec();
    }
    leave();
    m_loop.reset();
    m_stopping.store(false);
}

void Poller::stop()
{
    m_stopping.store(true);
    m_mailbox->post([this] {
        // A second call for a run that has ended by now must not end the next one.
        if (m_loop && m_stopping.load()) {
            m_loop->exit();
        }
    });
}

base::Result<base::Ok> Poller::add(int descriptor, EventHandler &handler, Interest interest)
{
    return m_set->add(descriptor, handler, interest);
}

void Poller::modify(int descriptor, EventHandler &handler, Interest interest)
{
    m_set->modify(descriptor, handler, interest);
}

void Poller::remove(int descriptor, EventHandler &handler)
{
    m_set->remove(descriptor);
    for (ReadyEvent &event : m_batch) {
        if (event.handler == &handler) {
            event.handler = nullptr;
        }
    }
}

Poller::HookId Poller::addTurnEndHook(base::UniqueFunction<void()> hook)
{
    const HookId id(++m_lastHook);
    m_hooks.push_back({id, std::move(hook)});
    return id;
}

void Poller::removeTurnEndHook(HookId id)
{
    std::erase_if(m_hooks, [id](const Hook &hook) { return hook.id == id; });
}

void Poller::callAtTurnEnd(EventHandler &handler)
{
    if (handler.m_turnEndPlace != EventHandler::notQueued) {
        return;
    }
    handler.m_turnEndPlace = static_cast<std::uint32_t>(m_turnEnd.size());
    m_turnEnd.push_back(&handler);
    if (m_phase == Phase::Outside) {
        requestTurn();
    }
}

void Poller::forgetTurnEnd(EventHandler &handler) noexcept
{
    if (handler.m_turnEndPlace != EventHandler::notQueued) {
        m_turnEnd[handler.m_turnEndPlace] = nullptr;
        handler.m_turnEndPlace = EventHandler::notQueued;
    }
}

void Poller::requestTurn()
{
    if (m_phase == Phase::Outside && !m_turnRequested) {
        m_turnRequested = true;
        m_mailbox->post([] {});
    }
    m_anotherTurn = m_anotherTurn || m_phase == Phase::Finishing;
}

void Poller::onActivity()
{
    for (int turn = 0; turn < turnsMax; ++turn) {
        m_batch = m_set->collect();
        if (m_batch.empty()) {
            break;
        }
        m_statistics.events += m_batch.size();
        m_readBytesMax = std::clamp(turnInputBytes / m_batch.size(), connectionInputBytesMin, BufferPool::inputBytes);
        m_phase = Phase::Dispatching;
        while (!m_batch.empty()) {
            const ReadyEvent event = m_batch.front();
            m_batch = m_batch.subspan(1);
            if (event.handler) {
                event.handler->onReady(event.readiness);
            }
        }
        m_timers.runDue();
        finishTurn();
    }
    armTimer();
}

void Poller::onTimeout()
{
    m_phase = Phase::Dispatching;
    m_timers.runDue();
    finishTurn();
    armTimer();
}

void Poller::finishTurn()
{
    ++m_statistics.turns;
    m_turnRequested = false;
    m_anotherTurn = false;
    m_phase = Phase::Finishing;
    for (Hook &hook : m_hooks) {
        hook.call();
    }
    runTurnEndQueue();
    m_phase = Phase::Outside;
    if (m_anotherTurn || !m_turnEnd.empty()) {
        requestTurn();
    }
}

void Poller::runTurnEndQueue()
{
    // What asks again while the queue runs gets a second place in it; more than that waits for the next turn.
    const std::size_t callsMax = m_turnEnd.size() * 2;
    std::size_t done = 0;
    while (done < m_turnEnd.size() && done < callsMax) {
        EventHandler *handler = m_turnEnd[done++];
        if (handler) {
            handler->m_turnEndPlace = EventHandler::notQueued;
            m_turnEnd[done - 1] = nullptr;
            handler->onTurnEnd();
        }
    }
    m_turnEnd.erase(m_turnEnd.begin(), m_turnEnd.begin() + static_cast<std::ptrdiff_t>(done));
    for (std::size_t place = 0; place < m_turnEnd.size(); ++place) {
        if (m_turnEnd[place]) {
            m_turnEnd[place]->m_turnEndPlace = static_cast<std::uint32_t>(place);
        }
    }
}

void Poller::armTimer()
{
    if (!m_timer) {
        return;
    }
    const auto next = m_timers.next();
    // A timer that fires too early finds nothing due and is set anew; that is cheaper than moving it in every turn.
    if (!next || (m_timer->isActive() && m_armedFor <= *next)) {
        return;
    }
    m_armedFor = *next;
    const auto wait = std::max(*next - m_clock.now(), base::Duration(0));
    m_timer->start(std::chrono::ceil<std::chrono::milliseconds>(wait));
}

} // namespace godwit::net
