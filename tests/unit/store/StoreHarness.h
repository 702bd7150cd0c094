// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What the tests of the store share: a shard's thread that is the test's own, and questions that wait for the answer.
#pragma once

#include "store/Engine.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace godwit::test
{

/// A queue that the test drains.
class TestExecutor final : public store::Executor
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

    /// Runs tasks until `done` says so; false when that took longer than a test may.
    bool runUntil(const std::function<bool()> &done)
    {
        const auto giveUp = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!done()) {
            store::Task task;
            {
                std::unique_lock lock(m_mutex);
                if (!m_wake.wait_until(lock, giveUp, [this] { return !m_tasks.empty(); })) {
                    return false;
                }
                task = std::move(m_tasks.front());
                m_tasks.pop_front();
            }
            task();
        }
        return true;
    }

    /// Runs what is there now.
    void drain()
    {
        while (true) {
            std::deque<store::Task> tasks;
            {
                const std::lock_guard lock(m_mutex);
                tasks.swap(m_tasks);
            }
            if (tasks.empty()) {
                return;
            }
            for (store::Task &task : tasks) {
                task();
            }
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<store::Task> m_tasks;
};

/// Keeps what the store told.
class RecordingSink final : public ledger::LogSink
{
public:
    struct Refused {
        ledger::Ticket ticket;
        base::ErrorCode code;
    };
    void onCommitted(std::span<const ledger::Committed> batch) override
    {
        committed.insert(committed.end(), batch.begin(), batch.end());
        ++batches;
    }
    void onNotCommitted(std::span<const ledger::NotCommitted> batch) override
    {
        for (const ledger::NotCommitted &one : batch) {
            refused.push_back({one.ticket, one.error.code()});
        }
    }
    std::size_t answers() const { return committed.size() + refused.size(); }

    std::vector<ledger::Committed> committed;
    std::vector<Refused> refused;
    std::size_t batches = 0;
};

/// A shard with its log and accounts.
struct Shard {
    explicit Shard(store::Engine &engine)
        : log(engine.logFor(executor, sink))
        , accounts(engine.accountsFor(executor))
    {
    }

    /// Asks, waits, gives the answer.
    template <class T>
    base::Result<T> ask(const std::function<void(ledger::Callback<T>)> &question)
    {
        std::optional<base::Result<T>> answer;
        question([&answer](base::Result<T> result) { answer.emplace(std::move(result)); });
        if (!executor.runUntil([&answer] { return answer.has_value(); })) {
            return base::Error(base::ErrorCode::Cancelled, "no answer");
        }
        return std::move(*answer);
    }

    /// Appends one row and waits; the seq is 0 when it was refused.
    ledger::Seq append(const std::string &sender, const std::string &recipient, const std::string &stanza,
                       ledger::RowFlag flags, std::optional<base::Hash128> key = std::nullopt)
    {
        send(sender, recipient, stanza, flags, key);
        const std::size_t wanted = asked;
        executor.runUntil([this, wanted] { return sink.answers() >= wanted; });
        return sink.committed.empty() || sink.committed.back().ticket != ledger::Ticket(asked)
                   ? ledger::Seq()
                   : sink.committed.back().seq;
    }

    /// Appends without waiting.
    void send(const std::string &sender, const std::string &recipient, const std::string &stanza, ledger::RowFlag flags,
              std::optional<base::Hash128> key = std::nullopt)
    {
        ledger::Append row;
        row.ticket = ledger::Ticket(++asked);
        row.sender = sender;
        row.recipient = recipient;
        row.flags = key ? flags | ledger::RowFlag::HasKey : flags;
        row.key = key.value_or(base::Hash128{});
        row.stanza = base::shareBytes(stanza);
        log->append(std::move(row));
    }

    std::vector<ledger::LogRow> pending(const std::string &account)
    {
        return page([this](auto range, auto done) { log->readPending(range, done); }, account).rows;
    }
    std::vector<ledger::LogRow> all(const std::string &account)
    {
        return page([this](auto range, auto done) { log->readLog(range, done); }, account).rows;
    }
    std::uint64_t countPending(const std::string &account)
    {
        auto number = ask<std::uint64_t>([this, &account](auto done) { log->countPending(account, done); });
        return number.ok() ? *number : ~std::uint64_t{0};
    }
    base::Result<ledger::ArchivePage> archive(const ledger::ArchiveQuery &query)
    {
        return ask<ledger::ArchivePage>([this, &query](auto done) { log->queryArchive(query, done); });
    }

    TestExecutor executor;
    RecordingSink sink;
    std::unique_ptr<ledger::LogStore> log;
    std::unique_ptr<accounts::AccountStore> accounts;
    std::uint64_t asked = 0;

private:
    template <class Ask>
    ledger::LogPage page(Ask read, const std::string &account)
    {
        const ledger::LogRange range{account, {}, ledger::Seq(~std::uint64_t{0}), 100'000, 100'000'000};
        auto result = ask<ledger::LogPage>([&](auto done) { read(range, done); });
        return result.ok() ? std::move(result).value() : ledger::LogPage{};
    }
};

/// What a chat message between two local accounts is stored with.
inline constexpr ledger::RowFlag chatFlags = ledger::RowFlag::SenderHere | ledger::RowFlag::RecipientHere |
                                             ledger::RowFlag::Pending | ledger::RowFlag::ArchiveSender |
                                             ledger::RowFlag::ArchiveRecipient;

inline std::vector<ledger::Seq> seqsOf(const std::vector<ledger::LogRow> &rows)
{
    std::vector<ledger::Seq> seqs;
    for (const ledger::LogRow &row : rows) {
        seqs.push_back(row.seq);
    }
    return seqs;
}

} // namespace godwit::test
