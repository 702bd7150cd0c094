// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Copies the WAL of a file into it on a thread and a connection of its own, so that commits go on meanwhile. What was
// written during the copying is little; the writing thread copies that itself between two commits, and its next one
// begins the WAL again. So sustained load can neither grow the WAL without bound nor stall commits for long.
#pragma once

#include "store/TaskQueue.h"
#include "store/sqlite/Database.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace godwit::store
{

class Checkpointer
{
public:
    /// Gives a task to the thread that writes the file; false when that takes none any more.
    using Give = std::function<bool(Task)>;

    /// `finish` is run by the thread that writes the file.
    static base::Result<std::unique_ptr<Checkpointer>> open(const std::string &file, const std::string &vfs, Give give,
                                                            Task finish);
    ~Checkpointer();
    void start();
    void stop();
    /// Any thread; does nothing while one is under way.
    void request();

private:
    Checkpointer(Database &&database, Give give, Task finish);
    void run();
    void checkpoint();

    Database m_database;
    Give m_give;
    Task m_finish;
    TaskQueue m_queue;
    std::atomic<bool> m_underWay{false};
    std::thread m_thread;
};

} // namespace godwit::store
