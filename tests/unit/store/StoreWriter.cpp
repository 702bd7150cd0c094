// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The process that tst_crash kills: appends to the store in a folder without end and prints the seq of each row on a
// line as soon as it is told that the row is committed. The body of a row is the number of its ticket.
//   godwit_store_writer FOLDER FIRST-TICKET

#include "StoreHarness.h"

#include "store/sqlite/SqliteEngine.h"

#include <cstdio>
#include <cstdlib>

namespace
{

class PrintingSink final : public godwit::ledger::LogSink
{
public:
    void onCommitted(std::span<const godwit::ledger::Committed> batch) override
    {
        for (const godwit::ledger::Committed &one : batch) {
            std::printf("%llu %llu\n", static_cast<unsigned long long>(one.ticket.value),
                        static_cast<unsigned long long>(one.seq.value));
        }
        std::fflush(stdout);
        answered += batch.size();
    }
    void onNotCommitted(std::span<const godwit::ledger::NotCommitted>) override { std::abort(); }
    std::uint64_t answered = 0;
};

} // namespace

int main(int argc, char **argv)
{
    using namespace godwit;
    if (argc != 3) {
        return 2;
    }
    store::SqliteOptions options;
    options.reserveBytes = 0;
    options.foldRows = 500;
    auto engine = store::openSqlite(argv[1], options);
    if (!engine.ok()) {
        std::fprintf(stderr, "%s\n", engine.error().text().c_str());
        return 1;
    }
    test::TestExecutor executor;
    PrintingSink sink;
    const auto log = (*engine)->logFor(executor, sink);
    std::uint64_t ticket = std::strtoull(argv[2], nullptr, 10);
    const std::uint64_t first = ticket;
    while (true) {
        ledger::Append row;
        row.ticket = ledger::Ticket(ticket);
        row.sender = "anna@example.org";
        row.recipient = "bert@example.org";
        row.flags = test::chatFlags;
        row.stanza = base::shareBytes(std::to_string(ticket));
        log->append(std::move(row));
        ++ticket;
        executor.runUntil([&] { return ticket - first - sink.answered < 100; });
    }
}
