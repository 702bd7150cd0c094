// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// godwitd without its I/O: the shards that the real server builds, on one thread, with mailboxes that take their time.
// A crash forgets all of it; the disk stays.
#pragma once

#include "Checker.h"
#include "DiskLog.h"
#include "Link.h"
#include "shard/Shard.h"

#include <memory>

namespace godwit::sim
{

class ServerProcess final : public DiskClient, public ShardPost
{
public:
    ServerProcess(Stage &stage, Disk &disk, Checker &checker, std::vector<std::string> accounts);
    ~ServerProcess() override;

    bool running() const noexcept { return !m_shards.empty(); }
    void start();
    void crash();
    bool accept(const std::shared_ptr<Link> &link);
    /// How many messages wait for the disk, in all shards.
    std::size_t inFlight() const;

    /// Runs `task` on a shard, then what a shard does when its turn ends.
    void turn(ledger::ShardIndex shard, const std::function<void()> &task);
    shard::Shard &shard(ledger::ShardIndex index);
    void touch(Link &link);
    void move(Link &link, ledger::ShardIndex shard);
    void forget(Link &link);

    // DiskClient and ShardPost.
    void answer(ledger::ShardIndex shard, std::vector<ledger::Committed> &&committed,
                std::vector<ledger::NotCommitted> &&refused) override;
    void post(ledger::ShardIndex shard, Duration delay, std::function<void()> task) override;

private:
    class Host;
    void endTurn(Host &host);
    /// In order for one sender and one receiver, later than now.
    base::Instant arrival(base::Instant &lane, Duration longest);

    Stage &m_stage;
    Disk &m_disk;
    Checker &m_checker;
    std::vector<std::string> m_accounts;
    base::SeededRandom m_random;
    std::vector<std::unique_ptr<Host>> m_shards;
    std::vector<std::shared_ptr<Link>> m_links;
    std::vector<std::shared_ptr<Link>> m_touched;
    std::uint64_t m_epoch = 0;
};

} // namespace godwit::sim
