// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Descriptor.h"
#include "net/PollSet.h"

#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/epoll.h>

namespace godwit::net
{

namespace
{

constexpr std::size_t eventsMax = 512;

std::uint32_t nativeInterest(Interest interest)
{
    const auto bits = static_cast<unsigned>(interest);
    std::uint32_t events = 0;
    if (bits & static_cast<unsigned>(Interest::Read)) {
        events |= EPOLLIN;
    }
    if (bits & static_cast<unsigned>(Interest::Write)) {
        events |= EPOLLOUT;
    }
    return events;
}

} // namespace

struct PollSet::State {
    Descriptor epoll;
    std::unique_ptr<QSocketNotifier> notifier;
    base::UniqueFunction<void()> activity;
    std::array<epoll_event, eventsMax> native;
    std::array<ReadyEvent, eventsMax> ready;

    int control(int operation, int descriptor, EventHandler *handler, Interest interest) const
    {
        epoll_event event{};
        event.events = nativeInterest(interest);
        event.data.ptr = handler;
        return epoll_ctl(epoll.number(), operation, descriptor, &event);
    }
};

PollSet::PollSet()
    : m_state(std::make_unique<State>())
{
}

PollSet::~PollSet() = default;

base::Result<std::unique_ptr<PollSet>> PollSet::create()
{
    std::unique_ptr<PollSet> set(new PollSet);
    set->m_state->epoll = Descriptor(epoll_create1(EPOLL_CLOEXEC));
    if (!set->m_state->epoll.isOpen()) {
        return base::Error(base::ErrorCode::Io, std::string("epoll_create1: ") + std::strerror(errno));
    }
    return set;
}

void PollSet::enter(base::UniqueFunction<void()> activity)
{
    m_state->activity = std::move(activity);
    m_state->notifier = std::make_unique<QSocketNotifier>(m_state->epoll.number(), QSocketNotifier::Read);
    QObject::connect(m_state->notifier.get(), &QSocketNotifier::activated, m_state->notifier.get(),
                     [state = m_state.get()] { state->activity(); });
}

void PollSet::leave()
{
    m_state->notifier.reset();
    m_state->activity.reset();
}

base::Result<base::Ok> PollSet::add(int descriptor, EventHandler &handler, Interest interest)
{
    if (m_state->control(EPOLL_CTL_ADD, descriptor, &handler, interest) != 0) {
        const auto code = errno == ENOSPC || errno == ENOMEM ? base::ErrorCode::ResourceFull : base::ErrorCode::Io;
        return base::Error(code, std::string("epoll_ctl: ") + std::strerror(errno));
    }
    return base::Ok{};
}

void PollSet::modify(int descriptor, EventHandler &handler, Interest interest)
{
    const int status = m_state->control(EPOLL_CTL_MOD, descriptor, &handler, interest);
    GW_ASSERT(status == 0);
}

void PollSet::remove(int descriptor)
{
    m_state->control(EPOLL_CTL_DEL, descriptor, nullptr, Interest::None);
}

std::span<ReadyEvent> PollSet::collect()
{
    const int count = epoll_wait(m_state->epoll.number(), m_state->native.data(), eventsMax, 0);
    if (count <= 0) {
        return {};
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const epoll_event &event = m_state->native[i];
        m_state->ready[i] = {static_cast<EventHandler *>(event.data.ptr),
                             {(event.events & EPOLLIN) != 0, (event.events & EPOLLOUT) != 0,
                              (event.events & (EPOLLERR | EPOLLHUP)) != 0}};
    }
    return std::span(m_state->ready).first(static_cast<std::size_t>(count));
}

} // namespace godwit::net
