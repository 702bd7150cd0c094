// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/Checkpointer.h"

#include <sqlite3.h>

namespace godwit::store
{

namespace
{

constexpr std::chrono::milliseconds forEver{3'600'000};

} // namespace

base::Result<std::unique_ptr<Checkpointer>> Checkpointer::open(const std::string &folder, const std::string &vfs,
                                                               Batcher &batcher, Task finish)
{
    base::Result<Database> database = Database::open(folder + "/log.db", OpenMode::ReadWrite, vfs);
    if (!database.ok()) {
        return std::move(database).error();
    }
    return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(database).value(), batcher, std::move(finish)));
}

Checkpointer::Checkpointer(Database &&database, Batcher &batcher, Task finish)
    : m_database(std::move(database))
    , m_batcher(batcher)
    , m_finish(std::move(finish))
{
}

Checkpointer::~Checkpointer()
{
    stop();
}

void Checkpointer::start()
{
    m_thread = std::thread([this] { run(); });
}

void Checkpointer::stop()
{
    m_queue.close();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void Checkpointer::request()
{
    if (!m_underWay.exchange(true) && !m_queue.push([this] { checkpoint(); })) {
        m_underWay.store(false);
    }
}

void Checkpointer::run()
{
    std::vector<Task> tasks;
    while (m_queue.take(tasks, forEver)) {
        for (Task &task : tasks) {
            task();
        }
    }
}

void Checkpointer::checkpoint()
{
    const int code =
        sqlite3_wal_checkpoint_v2(m_database.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    const int kind = code & 0xff;
    if (kind != SQLITE_OK && kind != SQLITE_BUSY && kind != SQLITE_FULL) {
        storageFailed("checkpoint of log.db", m_database.failureText());
    }
    const bool pushed = m_batcher.push(Chore{[this] {
        m_finish();
        m_underWay.store(false);
    }});
    if (!pushed) {
        m_underWay.store(false);
    }
}

} // namespace godwit::store
