// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/Batcher.h"

#include <iterator>
#include <utility>

namespace godwit::store
{

namespace
{

constexpr std::chrono::milliseconds forEver{3'600'000};

std::size_t bytesOf(const LogItem &item)
{
    const auto *append = std::get_if<AppendItem>(&item);
    return append != nullptr && append->row.stanza != nullptr ? append->row.stanza->size() : 0;
}

bool mayWait(const LogItem &item)
{
    const auto *journal = std::get_if<std::unique_ptr<JournalItem>>(&item);
    return journal != nullptr && (*journal)->kind == JournalKind::Proof;
}

} // namespace

Batcher::Batcher(BatchLimits limits)
    : m_limits(limits)
{
}

bool Batcher::push(LogItem &&item)
{
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed) {
            return false;
        }
        m_pushed.push_back(std::move(item));
        wake = std::exchange(m_sleeping, false);
    }
    if (wake) {
        m_wake.notify_one();
    }
    return true;
}

bool Batcher::take(std::vector<LogItem> &out)
{
    out.clear();
    m_cutBytes = 0;
    bool closed = refill(m_head == m_backlog.size() ? forEver : std::chrono::milliseconds(0));
    while (!closed && m_head == m_backlog.size()) {
        closed = refill(forEver);
    }
    if (m_head == m_backlog.size()) {
        return false;
    }
    bool enough = cut(out);
    const auto giveUp = std::chrono::steady_clock::now() + m_limits.proofIdle;
    while (!enough && !closed) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(giveUp - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            break;
        }
        closed = refill(left);
        enough = cut(out);
    }
    return true;
}

void Batcher::close()
{
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_wake.notify_all();
}

bool Batcher::refill(std::chrono::milliseconds patience)
{
    std::unique_lock lock(m_mutex);
    if (m_pushed.empty() && !m_closed && patience.count() > 0) {
        m_sleeping = true;
        m_wake.wait_for(lock, patience, [this] { return !m_pushed.empty() || m_closed; });
        m_sleeping = false;
    }
    if (m_head == m_backlog.size()) {
        m_backlog.clear();
        m_head = 0;
        m_backlog.swap(m_pushed);
    } else {
        // The rest of what was taken before stays in front. It is moved at most once per batch's worth of rows.
        if (m_head > m_limits.rowsMax * 4) {
            m_backlog.erase(m_backlog.begin(), m_backlog.begin() + static_cast<std::ptrdiff_t>(m_head));
            m_head = 0;
        }
        m_backlog.insert(m_backlog.end(), std::make_move_iterator(m_pushed.begin()),
                         std::make_move_iterator(m_pushed.end()));
        m_pushed.clear();
    }
    return m_closed;
}

bool Batcher::cut(std::vector<LogItem> &out)
{
    bool enough = false;
    for (const LogItem &item : out) {
        enough = enough || !mayWait(item);
    }
    while (m_head < m_backlog.size()) {
        LogItem &item = m_backlog[m_head];
        const std::size_t bytes = bytesOf(item);
        const bool full = out.size() >= m_limits.rowsMax || (m_cutBytes + bytes > m_limits.bytesMax && !out.empty());
        if (full) {
            return true;
        }
        m_cutBytes += bytes;
        enough = enough || !mayWait(item);
        out.push_back(std::move(item));
        ++m_head;
    }
    return enough;
}

} // namespace godwit::store
