// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "admin/StoreMail.h"

namespace godwit::admin
{

void StoreMail::post(store::Task task)
{
    // The queue is never closed, so nothing is turned away.
    static_cast<void>(m_queue.push(std::move(task)));
}

void StoreMail::waitFor(const std::function<bool()> &ready)
{
    constexpr std::chrono::milliseconds patience(60'000);
    std::vector<store::Task> tasks;
    while (!ready()) {
        m_queue.take(tasks, patience);
        for (store::Task &task : tasks) {
            task();
        }
    }
}

} // namespace godwit::admin
