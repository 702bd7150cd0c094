// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Copies the WAL of log.db into the file on a thread and a connection of its own, so that commits go on meanwhile.
// What was written during the copying is little; the writer copies that itself between two batches, and its next
// commit begins the WAL again. So sustained load can neither grow the WAL without bound nor stall commits for long.
#pragma once

#include "store/Batcher.h"
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
    /// `finish` is run by the writer, as a chore of `batcher`.
    static base::Result<std::unique_ptr<Checkpointer>> open(const std::string &folder, const std::string &vfs,
                                                            Batcher &batcher, Task finish);
    ~Checkpointer();
    void start();
    void stop();
    /// Any thread; does nothing while one is under way.
    void request();

private:
    Checkpointer(Database &&database, Batcher &batcher, Task finish);
    void run();
    void checkpoint();

    Database m_database;
    Batcher &m_batcher;
    Task m_finish;
    TaskQueue m_queue;
    std::atomic<bool> m_underWay{false};
    std::thread m_thread;
};

} // namespace godwit::store
