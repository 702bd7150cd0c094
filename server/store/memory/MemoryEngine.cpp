// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "store/memory/MemoryEngine.h"

#include "base/Random.h"
#include "store/memory/MemoryAccounts.h"
#include "store/memory/MemoryLog.h"

namespace godwit::store
{

struct MemoryEngine::Parts {
    base::SystemClock systemClock;
    const base::Clock *clock = nullptr;
    MemoryLogTables log;
    MemoryAccountTables accounts;
    std::array<std::uint8_t, 16> stanzaIdKey{};
    base::SipKey dedupKey{};
};

MemoryEngine::MemoryEngine(const base::Clock *clock)
    : m_parts(std::make_unique<Parts>())
{
    m_parts->clock = clock != nullptr ? clock : &m_parts->systemClock;
    base::SystemRandom random;
    random.fill(m_parts->stanzaIdKey);
    random.fill(m_parts->dedupKey);
}

MemoryEngine::~MemoryEngine() = default;

std::unique_ptr<ledger::LogStore> MemoryEngine::logFor(Executor &executor, ledger::LogSink &sink)
{
    return std::make_unique<MemoryLog>(m_parts->log, *m_parts->clock, executor, sink);
}

std::unique_ptr<accounts::AccountStore> MemoryEngine::accountsFor(Executor &executor)
{
    return std::make_unique<MemoryAccounts>(m_parts->accounts, *m_parts->clock, executor);
}

const std::array<std::uint8_t, 16> &MemoryEngine::stanzaIdKey() const
{
    return m_parts->stanzaIdKey;
}

const base::SipKey &MemoryEngine::dedupKey() const
{
    return m_parts->dedupKey;
}

void MemoryEngine::close()
{
    m_parts->log.closed = true;
    m_parts->accounts.closed = true;
}

void MemoryEngine::setFull(bool full)
{
    m_parts->log.full = full;
}

} // namespace godwit::store
