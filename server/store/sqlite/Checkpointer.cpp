// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/sqlite/Checkpointer.h"

#include "store/ThreadName.h"

namespace godwit::store
{

namespace
{

constexpr std::chrono::milliseconds forEver{3'600'000};

} // namespace

base::Result<std::unique_ptr<Checkpointer>> Checkpointer::open(const std::string &file, const std::string &vfs,
                                                               Give give, Task finish)
{
    base::Result<Database> database = Database::open(file, OpenMode::ReadWrite, vfs);
    if (!database.ok()) {
        return std::move(database).error();
    }
    // A connection that has read nothing does not know of the WAL and would copy nothing.
    if (auto read = database->exec("SELECT count(*) FROM sqlite_master"); !read.ok()) {
        return std::move(read).error();
    }
    return std::unique_ptr<Checkpointer>(
        new Checkpointer(std::move(database).value(), std::move(give), std::move(finish)));
}

Checkpointer::Checkpointer(Database &&database, Give give, Task finish)
    : m_database(std::move(database))
    , m_give(std::move(give))
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
    nameThread("store-wal");
    std::vector<Task> tasks;
    while (m_queue.take(tasks, forEver)) {
        for (Task &task : tasks) {
            task();
        }
    }
}

void Checkpointer::checkpoint()
{
    m_database.checkpoint();
    const bool given = m_give([this] {
        m_finish();
        m_underWay.store(false);
    });
    if (!given) {
        m_underWay.store(false);
    }
}

} // namespace godwit::store
