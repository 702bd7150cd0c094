// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How a thread that is no shard asks the store: it waits for the answer, and runs it itself.
#pragma once

#include "base/Result.h"
#include "ledger/LogStore.h"
#include "store/Executor.h"
#include "store/TaskQueue.h"

#include <functional>
#include <optional>
#include <vector>

namespace godwit::admin
{

/// Outlives the engine that it was given to. await() on one thread at a time.
class StoreMail final : public store::Executor, public ledger::LogSink
{
public:
    void post(store::Task task) override;
    // Nothing is appended through this sink.
    void onCommitted(std::span<const ledger::Committed>) override {}
    void onNotCommitted(std::span<const ledger::NotCommitted>) override {}

    /// Runs answers until `ready` says that the wanted one was among them.
    void waitFor(const std::function<bool()> &ready);

    /// Calls `ask` with a callback and waits until it was called; the store answers everything exactly once.
    template <class T, class Ask>
    base::Result<T> await(Ask ask)
    {
        std::optional<base::Result<T>> answer;
        ask([&answer](base::Result<T> result) { answer.emplace(std::move(result)); });
        waitFor([&answer] { return answer.has_value(); });
        return std::move(*answer);
    }

private:
    store::TaskQueue m_queue;
};

} // namespace godwit::admin
