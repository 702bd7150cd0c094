// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// store-bench: what the SQLite store costs on this disk. Prints figures; it is not a test.
//   store-bench FOLDER [ROWS] [ACCOUNTS]

#include "store/sqlite/SqliteEngine.h"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace
{

using namespace godwit;
using Steady = std::chrono::steady_clock;

constexpr std::size_t inFlightMax = 20'000;
constexpr std::size_t stanzaBytes = 320;
constexpr std::size_t singles = 2'000;

class BenchExecutor final : public store::Executor
{
public:
    void post(store::Task task) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_wake.notify_one();
    }
    void runOne()
    {
        std::deque<store::Task> tasks;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_tasks.empty(); });
            tasks.swap(m_tasks);
        }
        for (store::Task &task : tasks) {
            task();
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<store::Task> m_tasks;
};

class CountingSink final : public ledger::LogSink
{
public:
    void onCommitted(std::span<const ledger::Committed> batch) override
    {
        answered += batch.size();
        last = batch.back().seq;
    }
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override
    {
        answered += batch.size();
        refused += batch.size();
    }
    std::size_t answered = 0;
    std::size_t refused = 0;
    ledger::Seq last;
};

double cpu(int who)
{
    rusage usage{};
    getrusage(who, &usage);
    return double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

double seconds(Steady::time_point since)
{
    return std::chrono::duration<double>(Steady::now() - since).count();
}

/// CPU of each thread of this process by its name, in seconds.
std::map<std::string, double> threads()
{
    std::map<std::string, double> times;
    std::error_code ignored;
    for (const auto &task : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        std::string name;
        std::uint64_t nanos = 0;
        std::ifstream(task.path() / "comm") >> name;
        std::ifstream(task.path() / "schedstat") >> nanos;
        times[name] += double(nanos) / 1e9;
    }
    return times;
}

std::string person(std::size_t number)
{
    return "user" + std::to_string(number) + "@chat.example.org";
}

struct Bench {
    explicit Bench(store::SqliteEngine &sqlite, std::size_t people)
        : engine(sqlite)
        , accounts(people)
        , log(engine.logFor(executor, sink))
        , stanza(base::shareBytes(std::string(stanzaBytes, 'x')))
    {
    }

    void append()
    {
        ledger::Append row;
        row.ticket = ledger::Ticket(++asked);
        row.sender = person(asked * 7 % accounts);
        row.recipient = person(asked * 13 % accounts);
        row.flags = ledger::RowFlag::SenderHere | ledger::RowFlag::RecipientHere | ledger::RowFlag::Pending |
                    ledger::RowFlag::ArchiveSender | ledger::RowFlag::ArchiveRecipient | ledger::RowFlag::HasKey;
        row.key = {asked, ~asked};
        // A stanza of its own for each row, as in the server.
        row.stanza = base::shareBytes(*stanza);
        log->append(std::move(row));
        if (asked % 64 == 0 && sink.last != ledger::Seq()) {
            log->prove({person(asked * 13 % accounts), "device", ledger::Seq(sink.last.value / 2), sink.last});
        }
    }

    store::SqliteEngine &engine;
    std::size_t accounts;
    BenchExecutor executor;
    CountingSink sink;
    std::unique_ptr<ledger::LogStore> log;
    base::SharedBytes stanza;
    std::size_t asked = 0;
};

void throughput(Bench &bench, std::size_t rows)
{
    const auto began = Steady::now();
    const double cpuBefore = cpu(RUSAGE_SELF);
    const double threadBefore = cpu(RUSAGE_THREAD);
    const auto threadsBefore = threads();
    const store::SqliteFigures before = bench.engine.figures();
    std::uint64_t walMax = 0;
    for (std::size_t at = 0; at < rows; ++at) {
        bench.append();
        while (bench.asked - bench.sink.answered >= inFlightMax) {
            bench.executor.runOne();
            walMax = std::max(walMax, bench.engine.figures().walPages);
        }
    }
    while (bench.sink.answered < bench.asked) {
        bench.executor.runOne();
    }
    const double took = seconds(began);
    const store::SqliteFigures after = bench.engine.figures();
    while (bench.engine.figures().unfolded > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const double all = cpu(RUSAGE_SELF) - cpuBefore;
    const double shard = cpu(RUSAGE_THREAD) - threadBefore;
    const double micros = 1e6 / double(rows);
    std::printf("appended                 %zu rows of %zu bytes, %zu accounts, 1 proof per 64 rows\n", rows,
                stanzaBytes, bench.accounts);
    std::printf("throughput               %.0f rows/s (%.2f s, %.0f rows per commit)\n", double(rows) / took, took,
                double(rows) / double(after.batches - before.batches));
    std::printf("CPU per row, folded      %.2f us in the store's threads, %.2f us in the asking thread\n",
                (all - shard) * micros, shard * micros);
    for (const auto &[name, time] : threads()) {
        const auto earlier = threadsBefore.find(name);
        std::printf("  %-22s %.2f us\n", name.c_str(),
                    (time - (earlier == threadsBefore.end() ? 0 : earlier->second)) * micros);
    }
    std::printf("index behind at the end  %llu rows, folded %.2f s later\n",
                static_cast<unsigned long long>(after.unfolded), seconds(began) - took);
    std::printf("WAL written per row      %.0f bytes (longest WAL %.0f MiB)\n",
                double(after.walPagesWritten - before.walPagesWritten) * 4120.0 / double(rows),
                double(walMax) * 4120.0 / 1048576.0);
    std::printf("refused                  %zu\n", bench.sink.refused);
}

void latency(Bench &bench)
{
    std::vector<double> micros;
    for (std::size_t at = 0; at < singles; ++at) {
        const auto began = Steady::now();
        bench.append();
        while (bench.sink.answered < bench.asked) {
            bench.executor.runOne();
        }
        micros.push_back(seconds(began) * 1e6);
    }
    std::sort(micros.begin(), micros.end());
    std::printf("one append at a time     p50 %.0f us, p99 %.0f us, worst %.0f us (append to answer, synced)\n",
                micros[singles / 2], micros[singles * 99 / 100], micros.back());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "usage: store-bench FOLDER [ROWS] [ACCOUNTS]\n");
        return 2;
    }
    const std::string folder = std::string(argv[1]) + "/store-bench";
    const std::size_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 500'000;
    const std::size_t accounts = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 2'000;
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    store::SqliteOptions options;
    options.foldQuiet = std::chrono::milliseconds(200);
    auto engine = store::openSqlite(folder, options);
    if (!engine.ok()) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 1;
    }
    {
        Bench bench(**engine, std::max<std::size_t>(accounts, 1));
        latency(bench);
        throughput(bench, std::max<std::size_t>(rows, 1));
        (*engine)->close();
    }
    engine->reset();
    const auto began = Steady::now();
    auto again = store::openSqlite(folder, options);
    std::printf("opening it again         %.0f ms\n", seconds(began) * 1e3);
    const auto size = std::filesystem::file_size(folder + "/log.db", ignored);
    const auto index = std::filesystem::file_size(folder + "/index.db", ignored);
    std::printf("files                    log.db %.0f bytes per row, index.db %.0f\n", double(size) / double(rows),
                double(index) / double(rows));
    again = base::Error(base::ErrorCode::Cancelled, "done");
    std::filesystem::remove_all(folder, ignored);
    return 0;
}
