// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "net/Mailbox.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/eventfd.h>
#endif

namespace godwit::net
{

base::Result<std::unique_ptr<Mailbox>> Mailbox::create()
{
    std::unique_ptr<Mailbox> mailbox(new Mailbox);
#ifdef __linux__
    mailbox->m_read = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
#else
    int ends[2] = {-1, -1};
    if (pipe(ends) == 0) {
        mailbox->m_read = Descriptor(ends[0]);
        mailbox->m_write = Descriptor(ends[1]);
        for (const int end : ends) {
            fcntl(end, F_SETFD, FD_CLOEXEC);
            fcntl(end, F_SETFL, O_NONBLOCK);
        }
    }
#endif
    if (!mailbox->m_read.isOpen()) {
        return base::Error(base::ErrorCode::Io, std::string("no descriptor for a mailbox: ") + std::strerror(errno));
    }
    return mailbox;
}

void Mailbox::post(Task task)
{
    bool first = false;
    {
        const std::lock_guard lock(m_mutex);
        first = m_tasks.empty();
        m_tasks.push_back(std::move(task));
    }
    if (first) {
        wake();
    }
}

void Mailbox::wake() const
{
    const std::uint64_t one = 1;
    const Descriptor &end = m_write.isOpen() ? m_write : m_read;
    // A full pipe or counter means that the thread is going to wake anyway.
    while (write(end.number(), &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void Mailbox::clearWake() const
{
    std::uint64_t sink[8];
    while (read(m_read.number(), sink, sizeof sink) < 0 && errno == EINTR) {
    }
}

void Mailbox::onReady(Readiness)
{
    // Cleared before the swap: a task that comes between the two wakes the thread once too often, never too seldom.
    clearWake();
    {
        const std::lock_guard lock(m_mutex);
        m_running.swap(m_tasks);
    }
    for (Task &task : m_running) {
        task();
        task.reset();
    }
    constexpr std::size_t keptCapacity = 4096;
    if (m_running.capacity() > keptCapacity) {
        m_running = std::vector<Task>();
    } else {
        m_running.clear();
    }
}

} // namespace godwit::net
