// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Stage.h"

namespace godwit::sim
{

void Timeline::after(Duration delay, Task task)
{
    at(m_clock.now() + delay, std::move(task));
}

void Timeline::at(base::Instant when, Task task)
{
    m_entries.push(Entry{std::max(when, m_clock.now()), m_order++, std::move(task)});
}

bool Timeline::step()
{
    if (m_entries.empty()) {
        return false;
    }
    const base::Instant when = m_entries.top().when;
    const Task task = std::move(m_entries.top().task);
    m_entries.pop();
    m_clock.advance(when - m_clock.now());
    task();
    return true;
}

void Report::fail(std::string_view rule, const std::string &what)
{
    if (failed()) {
        return;
    }
    m_failure = std::string(rule) + ": " + what;
    add("VIOLATION " + m_failure);
}

void Report::add(std::string &&line)
{
    const auto micros = m_clock.now().time_since_epoch().count();
    std::string stamp = std::to_string(micros / 1000);
    stamp.insert(0, stamp.size() < 8 ? 8 - stamp.size() : 0, ' ');
    m_lines.push_back(stamp + " ms  " + line);
}

} // namespace godwit::sim
