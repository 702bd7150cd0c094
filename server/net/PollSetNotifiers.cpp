// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/PollSet.h"

#include <QSocketNotifier>

#include <unordered_map>
#include <vector>

namespace godwit::net
{

namespace
{

/// The notifiers of one descriptor; made when the set is joined to a thread.
struct Watched {
    EventHandler *handler = nullptr;
    Interest interest = Interest::None;
    std::unique_ptr<QSocketNotifier> read;
    std::unique_ptr<QSocketNotifier> write;
};

bool wants(Interest interest, Interest part)
{
    return (static_cast<unsigned>(interest) & static_cast<unsigned>(part)) != 0;
}

} // namespace

struct PollSet::State {
    std::unordered_map<int, Watched> watched;
    /// Notifiers of descriptors that went away while one of them was being activated; Qt still touches it then.
    std::vector<std::unique_ptr<QSocketNotifier>> retired;
    base::UniqueFunction<void()> activity;
    std::vector<ReadyEvent> fresh;
    std::vector<ReadyEvent> collected;
    bool entered = false;
    bool activating = false;

    void activate(int descriptor, bool forReading)
    {
        const auto found = watched.find(descriptor);
        if (found == watched.end()) {
            return;
        }
        fresh.push_back({found->second.handler, {forReading, !forReading, false}});
        activating = true;
        activity();
        activating = false;
        retired.clear();
    }

    std::unique_ptr<QSocketNotifier> notifier(int descriptor, QSocketNotifier::Type type)
    {
        auto made = std::make_unique<QSocketNotifier>(descriptor, type);
        const bool forReading = type == QSocketNotifier::Read;
        QObject::connect(made.get(), &QSocketNotifier::activated, made.get(),
                         [this, descriptor, forReading] { activate(descriptor, forReading); });
        return made;
    }

    void apply(int descriptor, Watched &entry)
    {
        if (!entered) {
            return;
        }
        if (!entry.read) {
            entry.read = notifier(descriptor, QSocketNotifier::Read);
            entry.write = notifier(descriptor, QSocketNotifier::Write);
        }
        entry.read->setEnabled(wants(entry.interest, Interest::Read));
        entry.write->setEnabled(wants(entry.interest, Interest::Write));
    }
};

PollSet::PollSet()
    : m_state(std::make_unique<State>())
{
}

PollSet::~PollSet() = default;

base::Result<std::unique_ptr<PollSet>> PollSet::create()
{
    return std::unique_ptr<PollSet>(new PollSet);
}

void PollSet::enter(base::UniqueFunction<void()> activity)
{
    m_state->activity = std::move(activity);
    m_state->entered = true;
    for (auto &[descriptor, entry] : m_state->watched) {
        m_state->apply(descriptor, entry);
    }
}

void PollSet::leave()
{
    for (auto &[descriptor, entry] : m_state->watched) {
        entry.read.reset();
        entry.write.reset();
    }
    m_state->entered = false;
    m_state->activity.reset();
}

base::Result<base::Ok> PollSet::add(int descriptor, EventHandler &handler, Interest interest)
{
    Watched &entry = m_state->watched[descriptor];
    entry.handler = &handler;
    entry.interest = interest;
    m_state->apply(descriptor, entry);
    return base::Ok{};
}

void PollSet::modify(int descriptor, EventHandler &handler, Interest interest)
{
    const auto found = m_state->watched.find(descriptor);
    GW_ASSERT(found != m_state->watched.end());
    found->second.handler = &handler;
    found->second.interest = interest;
    m_state->apply(descriptor, found->second);
}

void PollSet::remove(int descriptor)
{
    const auto found = m_state->watched.find(descriptor);
    if (found == m_state->watched.end()) {
        return;
    }
    if (found->second.read) {
        found->second.read->setEnabled(false);
        found->second.write->setEnabled(false);
        if (m_state->activating) {
            m_state->retired.push_back(std::move(found->second.read));
            m_state->retired.push_back(std::move(found->second.write));
        }
    }
    m_state->watched.erase(found);
}

std::span<ReadyEvent> PollSet::collect()
{
    m_state->collected = std::move(m_state->fresh);
    m_state->fresh.clear();
    return m_state->collected;
}

} // namespace godwit::net
