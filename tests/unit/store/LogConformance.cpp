// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "LogConformance.h"

#include "base/Random.h"
#include "store/memory/MemoryEngine.h"

#include <QTest>

#include <algorithm>
#include <map>

namespace godwit::test
{

using ledger::RowFlag;
using ledger::Seq;

namespace
{

const std::string anna = "anna@example.org";
const std::string bert = "bert@example.org";
const std::string carl = "carl@example.org";

std::string text(const std::string &body)
{
    return "<message type='chat'><body>" + body + "</body></message>";
}

base::Hash128 key(std::uint64_t number)
{
    return base::Hash128{number, ~number};
}

std::vector<std::string> bodies(const std::vector<ledger::LogRow> &rows)
{
    std::vector<std::string> all;
    for (const ledger::LogRow &row : rows) {
        all.push_back(*row.stanza);
    }
    return all;
}

} // namespace

void LogConformance::init()
{
    m_engine = makeEngine(m_clock);
    QVERIFY(m_engine != nullptr);
    m_shard = std::make_unique<Shard>(*m_engine);
}

void LogConformance::cleanup()
{
    if (m_engine != nullptr) {
        m_engine->close();
    }
    m_shard.reset();
    m_engine.reset();
}

void LogConformance::answersAppendsInOrder()
{
    for (int at = 0; at < 5'000; ++at) {
        m_shard->send(anna, bert, text(std::to_string(at)), chatFlags);
    }
    QVERIFY(m_shard->executor.runUntil([this] { return m_shard->sink.committed.size() == 5'000; }));
    Seq last;
    for (std::size_t at = 0; at < 5'000; ++at) {
        const ledger::Committed &one = m_shard->sink.committed[at];
        QCOMPARE(one.ticket.value, at + 1);
        QVERIFY(last < one.seq);
        last = one.seq;
    }
    QCOMPARE(m_shard->log->lastCommitted(), last);
    const auto rows = m_shard->pending(bert);
    QCOMPARE(rows.size(), std::size_t(5'000));
    QCOMPARE(*rows[4'321].stanza, text("4321"));
}

void LogConformance::refusesARowWithoutStanza()
{
    m_shard->send(anna, bert, text("one"), chatFlags);
    m_shard->send(anna, bert, "", chatFlags);
    m_shard->send(anna, bert, text("three"), chatFlags);
    QVERIFY(m_shard->executor.runUntil([this] { return m_shard->sink.answers() == 3; }));
    QCOMPARE(m_shard->sink.refused.size(), std::size_t(1));
    QCOMPARE(m_shard->sink.refused.front().ticket.value, std::uint64_t(2));
    QCOMPARE(m_shard->sink.refused.front().code, base::ErrorCode::InvalidInput);
    QCOMPARE(bodies(m_shard->pending(bert)), (std::vector{text("one"), text("three")}));
}

void LogConformance::timeNeverFalls()
{
    m_shard->append(anna, bert, text("one"), chatFlags);
    const base::WallTime first = m_shard->sink.committed.back().time;
    QCOMPARE(first, m_clock.wall());
    m_clock.advance(-std::chrono::hours(1));
    m_shard->append(anna, bert, text("two"), chatFlags);
    QCOMPARE(m_shard->sink.committed.back().time, first);
    m_clock.advance(std::chrono::hours(2));
    m_shard->append(anna, bert, text("three"), chatFlags);
    QCOMPARE(m_shard->sink.committed.back().time, m_clock.wall());
}

void LogConformance::readsTheLogOfBothParties()
{
    const Seq one = m_shard->append(anna, bert, text("one"), chatFlags);
    const Seq two = m_shard->append(bert, anna, text("two"), chatFlags);
    const Seq three = m_shard->append(anna, "far@away.example", text("three"), RowFlag::SenderHere);
    QCOMPARE(seqsOf(m_shard->all(anna)), (std::vector{one, two, three}));
    QCOMPARE(seqsOf(m_shard->all(bert)), (std::vector{one, two}));
    QVERIFY(m_shard->all("far@away.example").empty());
    QVERIFY(m_shard->all("nobody@example.org").empty());
    const ledger::LogRow row = m_shard->all(bert).front();
    QCOMPARE(row.sender, anna);
    QCOMPARE(row.recipient, bert);
    QCOMPARE(row.flags, chatFlags);
    QCOMPARE(row.time, m_clock.wall());
}

void LogConformance::readsRowsInTheOrderAsked()
{
    const Seq one = m_shard->append(anna, bert, text("one"), chatFlags);
    const Seq two = m_shard->append(anna, bert, text("two"), chatFlags);
    const Seq foreign = m_shard->append(anna, carl, text("other"), chatFlags);
    auto rows = m_shard->ask<std::vector<ledger::LogRow>>(
        [&](auto done) { m_shard->log->readRows(bert, {two, Seq(999'999'999), foreign, one}, done); });
    QVERIFY(rows.ok());
    QCOMPARE(seqsOf(*rows), (std::vector{two, one}));
}

void LogConformance::rule2_onlyPendingRowsArePending()
{
    const Seq one = m_shard->append(anna, bert, text("one"), chatFlags);
    m_shard->append(anna, bert, text("not pending"), RowFlag::SenderHere | RowFlag::RecipientHere);
    m_shard->append(anna, "far@away.example", text("elsewhere"), RowFlag::SenderHere | RowFlag::Pending);
    QCOMPARE(seqsOf(m_shard->pending(bert)), std::vector{one});
    QVERIFY(m_shard->pending(anna).empty());
    QVERIFY(m_shard->pending("far@away.example").empty());
    QCOMPARE(m_shard->countPending(bert), std::uint64_t(1));
    QCOMPARE(m_shard->countPending(anna), std::uint64_t(0));
}

void LogConformance::rule12_aProofCoversItsRange_data()
{
    QTest::addColumn<int>("low");
    QTest::addColumn<int>("high");
    QTest::addColumn<std::vector<int>>("left");
    QTest::newRow("the first") << 0 << 0 << std::vector{1, 2, 3, 4};
    QTest::newRow("the last") << 4 << 4 << std::vector{0, 1, 2, 3};
    QTest::newRow("one in the middle") << 2 << 2 << std::vector{0, 1, 3, 4};
    QTest::newRow("some in the middle") << 1 << 3 << std::vector{0, 4};
    QTest::newRow("all") << 0 << 4 << std::vector<int>{};
    QTest::newRow("none, for it is upside down") << 3 << 2 << std::vector{0, 1, 2, 3, 4};
}

void LogConformance::rule12_aProofCoversItsRange()
{
    QFETCH(int, low);
    QFETCH(int, high);
    QFETCH(std::vector<int>, left);
    std::vector<Seq> seqs;
    for (int at = 0; at < 5; ++at) {
        seqs.push_back(m_shard->append(anna, bert, text(std::to_string(at)), chatFlags));
        m_shard->append(anna, carl, text("beside"), chatFlags);
    }
    m_shard->log->prove({bert, "phone", seqs[std::size_t(low)], seqs[std::size_t(high)]});
    std::vector<Seq> wanted;
    for (const int at : left) {
        wanted.push_back(seqs[std::size_t(at)]);
    }
    QCOMPARE(seqsOf(m_shard->pending(bert)), wanted);
    QCOMPARE(m_shard->countPending(bert), std::uint64_t(wanted.size()));
    QCOMPARE(m_shard->countPending(carl), std::uint64_t(5));
    QCOMPARE(m_shard->all(bert).size(), std::size_t(5));
}

void LogConformance::aProofCoversNothingThatComesLater()
{
    m_shard->append(anna, bert, text("one"), chatFlags);
    m_shard->log->prove({bert, "", Seq(1), Seq(0x7fffffffffffffffULL)});
    const Seq two = m_shard->append(anna, bert, text("two"), chatFlags);
    QCOMPARE(seqsOf(m_shard->pending(bert)), std::vector{two});
    QCOMPARE(m_shard->countPending(bert), std::uint64_t(1));
}

void LogConformance::pagesByLimitAndBytes()
{
    for (int at = 0; at < 700; ++at) {
        m_shard->send(anna, bert, text(std::string(100, 'x')), chatFlags);
    }
    QVERIFY(m_shard->executor.runUntil([this] { return m_shard->sink.answers() == 700; }));
    std::vector<Seq> seen;
    ledger::LogRange range{bert, {}, m_shard->log->lastCommitted(), 150, 1'000'000};
    while (true) {
        auto page = m_shard->ask<ledger::LogPage>([&](auto done) { m_shard->log->readPending(range, done); });
        QVERIFY(page.ok());
        QVERIFY(page->rows.size() <= 150 && !page->rows.empty());
        for (const Seq seq : seqsOf(page->rows)) {
            seen.push_back(seq);
        }
        if (page->complete) {
            break;
        }
        range.after = seen.back();
    }
    QCOMPARE(seen, seqsOf(m_shard->pending(bert)));
    range = {bert, {}, m_shard->log->lastCommitted(), 700, 1};
    auto page = m_shard->ask<ledger::LogPage>([&](auto done) { m_shard->log->readLog(range, done); });
    QVERIFY(page.ok());
    QCOMPARE(page->rows.size(), std::size_t(1));
    QVERIFY(!page->complete);
    range = {bert, seen[9], seen[19], 700, 1'000'000};
    page = m_shard->ask<ledger::LogPage>([&](auto done) { m_shard->log->readLog(range, done); });
    QVERIFY(page.ok());
    QCOMPARE(seqsOf(page->rows), std::vector(seen.begin() + 10, seen.begin() + 20));
    QVERIFY(page->complete);
}

void LogConformance::rule7_givesTheLastKeysOfASender()
{
    std::vector<Seq> seqs;
    for (std::uint64_t at = 0; at < 10; ++at) {
        seqs.push_back(m_shard->append(anna, bert, text("a"), chatFlags, key(at)));
        m_shard->append(anna, bert, text("without origin-id"), chatFlags);
        m_shard->append(bert, anna, text("b"), chatFlags, key(1'000 + at));
    }
    auto keys = m_shard->ask<std::vector<ledger::SentKey>>([&](auto done) { m_shard->log->recentKeys(anna, 4, done); });
    QVERIFY(keys.ok());
    QCOMPARE(keys->size(), std::size_t(4));
    for (std::size_t at = 0; at < 4; ++at) {
        QCOMPARE(keys->at(at).key.low, std::uint64_t(6 + at));
        QCOMPARE(keys->at(at).key.high, ~std::uint64_t(6 + at));
        QCOMPARE(keys->at(at).seq, seqs[6 + at]);
    }
}

void LogConformance::messageToOneself()
{
    const Seq seq = m_shard->append(anna, anna, text("note"), chatFlags);
    QCOMPARE(seqsOf(m_shard->all(anna)), std::vector{seq});
    QCOMPARE(seqsOf(m_shard->pending(anna)), std::vector{seq});
    m_shard->log->prove({anna, "", seq, seq});
    QVERIFY(m_shard->pending(anna).empty());
}

void LogConformance::rule12_devicePositions()
{
    std::vector<Seq> seqs;
    for (int at = 0; at < 6; ++at) {
        seqs.push_back(m_shard->append(anna, bert, text("x"), chatFlags));
        m_shard->append(anna, carl, text("beside"), chatFlags);
    }
    const auto position = [this](const std::string &device) {
        auto all = m_shard->ask<std::vector<ledger::DevicePosition>>(
            [&](auto done) { m_shard->log->devicePositions(bert, done); });
        for (const ledger::DevicePosition &one : *all) {
            if (one.device == device) {
                return one.position;
            }
        }
        return Seq(~std::uint64_t{0});
    };
    m_shard->log->prove({bert, "phone", seqs[0], seqs[1]});
    QCOMPARE(position("phone"), seqs[1]);
    m_shard->log->prove({bert, "phone", seqs[3], seqs[3]});
    QCOMPARE(position("phone"), seqs[1]);
    m_shard->log->prove({bert, "desk", seqs[2], seqs[2]});
    QCOMPARE(position("phone"), seqs[1]);
    QCOMPARE(position("desk"), Seq(0));
    m_shard->log->prove({bert, "phone", seqs[2], seqs[2]});
    QCOMPARE(position("phone"), seqs[3]);
    m_shard->log->prove({bert, "", seqs[4], seqs[4]});
    QCOMPARE(position("phone"), seqs[3]);
    m_shard->log->prove({bert, "phone", seqs[4], seqs[5]});
    QCOMPARE(position("phone"), seqs[5]);
}

void LogConformance::rule17_traceTellsWhoHasIt()
{
    const Seq seq = m_shard->append(anna, bert, text("one"), chatFlags);
    const auto trace = [&](const std::string &account, Seq which) {
        return m_shard->ask<ledger::RowTrace>([&](auto done) { m_shard->log->trace(account, which, done); });
    };
    auto before = trace(bert, seq);
    QVERIFY(before.ok());
    QVERIFY(before->pending);
    QVERIFY(before->proofs.empty());
    m_shard->log->prove({bert, "phone", seq, seq});
    m_shard->log->prove({bert, "desk", seq, seq});
    auto after = trace(bert, seq);
    QVERIFY(after.ok());
    QVERIFY(!after->pending);
    QCOMPARE(after->proofs.size(), std::size_t(2));
    QCOMPARE(after->proofs[0].device, std::string("phone"));
    QCOMPARE(after->proofs[1].device, std::string("desk"));
    QCOMPARE(*after->row.stanza, text("one"));
    QCOMPARE(trace(carl, seq).error().code(), base::ErrorCode::NotFound);
    QCOMPARE(trace(bert, Seq(seq.value + 1)).error().code(), base::ErrorCode::NotFound);
    auto sender = trace(anna, seq);
    QVERIFY(sender.ok());
    QVERIFY(sender->proofs.empty());
}

void LogConformance::rule3_dropPendingOfABlockedPeer()
{
    m_shard->append(anna, bert, text("one"), chatFlags);
    const Seq kept = m_shard->append(carl, bert, text("two"), chatFlags);
    m_shard->append(anna, bert, text("three"), chatFlags);
    QVERIFY(m_shard->ask<base::Ok>([&](auto done) { m_shard->log->dropPending(bert, anna, done); }).ok());
    QCOMPARE(seqsOf(m_shard->pending(bert)), std::vector{kept});
    QCOMPARE(m_shard->countPending(bert), std::uint64_t(1));
    const Seq later = m_shard->append(anna, bert, text("four"), chatFlags);
    QCOMPARE(seqsOf(m_shard->pending(bert)), (std::vector{kept, later}));
    QVERIFY(m_shard->ask<base::Ok>([&](auto done) { m_shard->log->dropPending("no@x", "body@x", done); }).ok());
}

void LogConformance::aNewAccountDoesNotSeeTheOldOnesRows()
{
    const Seq one = m_shard->append(anna, bert, text("one"), chatFlags, key(1));
    m_shard->append(bert, anna, text("two"), chatFlags, key(2));
    m_shard->log->prove({bert, "phone", one, one});
    QVERIFY(m_shard->ask<base::Ok>([&](auto done) { m_shard->log->removeAccount(bert, done); }).ok());
    QVERIFY(m_shard->all(bert).empty());
    QCOMPARE(m_shard->countPending(bert), std::uint64_t(0));
    QCOMPARE(m_shard->all(anna).size(), std::size_t(2));
    auto keys = m_shard->ask<std::vector<ledger::SentKey>>([&](auto done) { m_shard->log->recentKeys(bert, 9, done); });
    QVERIFY(keys.ok() && keys->empty());
    auto devices = m_shard->ask<std::vector<ledger::DevicePosition>>(
        [&](auto done) { m_shard->log->devicePositions(bert, done); });
    QVERIFY(devices.ok() && devices->empty());
    ledger::ArchiveQuery query;
    query.account = bert;
    auto archive = m_shard->archive(query);
    QVERIFY(archive.ok() && archive->rows.empty());
    auto trace = m_shard->ask<ledger::RowTrace>([&](auto done) { m_shard->log->trace(bert, one, done); });
    QCOMPARE(trace.error().code(), base::ErrorCode::NotFound);
    const Seq later = m_shard->append(anna, bert, text("three"), chatFlags);
    QCOMPARE(seqsOf(m_shard->all(bert)), std::vector{later});
    QCOMPARE(seqsOf(m_shard->pending(bert)), std::vector{later});
}

void LogConformance::twoShardsShareOneLog()
{
    Shard other(*m_engine);
    const Seq one = m_shard->append(anna, bert, text("one"), chatFlags);
    const Seq two = other.append(bert, anna, text("two"), chatFlags);
    QVERIFY(one < two);
    QVERIFY(other.log->lastCommitted() >= one);
    QCOMPARE(seqsOf(other.pending(bert)), std::vector{one});
    QCOMPARE(seqsOf(m_shard->all(anna)), (std::vector{one, two}));
    QCOMPARE(m_shard->sink.committed.size(), std::size_t(1));
    QCOMPARE(other.sink.committed.size(), std::size_t(1));
    m_engine->close();
    other.executor.drain();
}

void LogConformance::anObserverGetsTheSameAnswer()
{
    Shard other(*m_engine);
    for (std::uint64_t at = 1; at <= 40; ++at) {
        m_shard->send(anna, bert, text("own"), chatFlags);
        ledger::Append row;
        row.ticket = ledger::Ticket(1'000 + at);
        row.observer = 1;
        row.observerTicket = ledger::Ticket(2'000 + at);
        row.sender = carl;
        row.recipient = bert;
        row.flags = chatFlags;
        row.stanza = at == 20 ? nullptr : base::shareBytes(text("observed"));
        m_shard->log->append(std::move(row));
        other.send(carl, anna, text("the other's own"), chatFlags);
    }
    QVERIFY(m_shard->executor.runUntil([this] { return m_shard->sink.answers() == 80; }));
    QVERIFY(other.executor.runUntil([&other] { return other.sink.answers() == 80; }));
    QCOMPARE(other.sink.committed.size(), std::size_t(79));
    std::map<std::uint64_t, Seq> seqs;
    for (const ledger::Committed &one : m_shard->sink.committed) {
        seqs[one.ticket.value] = one.seq;
    }
    Seq last;
    for (const ledger::Committed &one : other.sink.committed) {
        QVERIFY(last < one.seq);
        last = one.seq;
        if (one.ticket.value > 2'000) {
            QCOMPARE(one.seq, seqs[one.ticket.value - 1'000]);
        }
    }
    QCOMPARE(m_shard->sink.refused.front().ticket.value, std::uint64_t(1'020));
    QCOMPARE(other.sink.refused.front().ticket.value, std::uint64_t(2'020));
    m_engine->close();
    other.executor.drain();
}

void LogConformance::closedStoreAnswersUnavailable()
{
    m_shard->send(anna, bert, text("before"), chatFlags);
    m_engine->close();
    m_shard->send(anna, bert, text("after"), chatFlags);
    QVERIFY(m_shard->executor.runUntil([this] { return m_shard->sink.answers() == 2; }));
    QCOMPARE(m_shard->sink.committed.size(), std::size_t(1));
    QCOMPARE(m_shard->sink.refused.front().code, base::ErrorCode::Unavailable);
    auto number = m_shard->ask<std::uint64_t>([&](auto done) { m_shard->log->countPending(bert, done); });
    QCOMPARE(number.error().code(), base::ErrorCode::Unavailable);
    auto removed = m_shard->ask<base::Ok>([&](auto done) { m_shard->log->removeAccount(bert, done); });
    QCOMPARE(removed.error().code(), base::ErrorCode::Unavailable);
    auto exists = m_shard->ask<bool>([&](auto done) { m_shard->accounts->exists(bert, done); });
    QCOMPARE(exists.error().code(), base::ErrorCode::Unavailable);
}

namespace
{

/// One random history told to two stores, whose seqs may differ.
class History
{
public:
    History(Shard &first, Shard &second, SharedClock &clock)
        : m_first(first)
        , m_second(second)
        , m_clock(clock)
    {
    }

    void step(std::uint64_t number)
    {
        m_from = pick();
        m_to = pick();
        const std::uint64_t dice = m_random.below(100);
        if (dice < 60 || m_seqs.size() < 2) {
            append(number);
        } else if (dice < 75) {
            prove();
        } else if (dice < 77) {
            command([this](ledger::LogStore &log, auto done) { log.dropPending(m_to, m_from, done); });
        } else if (dice < 78) {
            command([this](ledger::LogStore &log, auto done) { log.removeAccount(m_to, done); });
        } else if (dice < 86) {
            QCOMPARE(translate(m_first.pending(m_to)), seqsOf(m_second.pending(m_to)));
            QCOMPARE(m_first.countPending(m_to), m_second.countPending(m_to));
        } else if (dice < 90) {
            QCOMPARE(translate(m_first.all(m_to)), seqsOf(m_second.all(m_to)));
            QCOMPARE(devices(m_first), devices(m_second));
        } else if (dice < 92) {
            QCOMPARE(keys(m_first), keys(m_second));
        } else {
            compareArchives();
        }
    }

private:
    std::string pick()
    {
        static const std::vector<std::string> people{anna, bert, carl, "dora@example.org"};
        return people[std::size_t(m_random.below(people.size()))];
    }

    std::uint64_t translate(std::uint64_t seq) const
    {
        const auto found = m_other.find(seq);
        return found == m_other.end() ? 0 : found->second;
    }
    std::vector<Seq> translate(const std::vector<ledger::LogRow> &rows) const
    {
        std::vector<Seq> seqs = seqsOf(rows);
        std::transform(seqs.begin(), seqs.end(), seqs.begin(), [this](Seq seq) { return Seq(translate(seq.value)); });
        return seqs;
    }

    void append(std::uint64_t number)
    {
        auto flags = RowFlag::SenderHere | RowFlag::RecipientHere;
        flags = m_random.below(4) > 0 ? flags | RowFlag::Pending : flags;
        flags = m_random.below(4) > 0 ? flags | RowFlag::ArchiveSender : flags;
        flags = m_random.below(4) > 0 ? flags | RowFlag::ArchiveRecipient : flags;
        const auto maybeKey = m_random.below(2) > 0 ? std::optional(key(number)) : std::nullopt;
        m_clock.advance(std::chrono::seconds(m_random.below(3)));
        const std::string stanza = "<message from='" + m_from + "/r" + std::to_string(m_random.below(2)) + "' to='" +
                                   m_to + "/r" + std::to_string(m_random.below(2)) + "'><body>x</body></message>";
        const Seq mine = m_first.append(m_from, m_to, stanza, flags, maybeKey);
        const Seq theirs = m_second.append(m_from, m_to, stanza, flags, maybeKey);
        m_seqs.emplace_back(mine, theirs);
        m_other[mine.value] = theirs.value;
    }

    void prove()
    {
        const std::size_t low = std::size_t(m_random.below(m_seqs.size()));
        const std::size_t high = std::min(m_seqs.size() - 1, low + std::size_t(m_random.below(20)));
        const std::string device = "d" + std::to_string(m_random.below(3));
        m_first.log->prove({m_to, device, m_seqs[low].first, m_seqs[high].first});
        m_second.log->prove({m_to, device, m_seqs[low].second, m_seqs[high].second});
    }

    void command(const std::function<void(ledger::LogStore &, ledger::Callback<base::Ok>)> &say)
    {
        for (Shard *shard : {&m_first, &m_second}) {
            QVERIFY(shard->ask<base::Ok>([&](auto done) { say(*shard->log, done); }).ok());
        }
    }

    std::map<std::string, std::uint64_t> devices(Shard &shard)
    {
        auto found =
            shard.ask<std::vector<ledger::DevicePosition>>([&](auto done) { shard.log->devicePositions(m_to, done); });
        const std::vector<ledger::LogRow> rows = shard.all(m_to);
        std::map<std::string, std::uint64_t> names;
        for (const ledger::DevicePosition &one : *found) {
            // Between two rows that came in a position may be any number, so what lies below it is counted.
            names[one.device] =
                static_cast<std::uint64_t>(std::count_if(rows.begin(), rows.end(), [&](const ledger::LogRow &row) {
                    return row.recipient == m_to && row.seq <= one.position;
                }));
        }
        return names;
    }

    std::vector<std::uint64_t> keys(Shard &shard)
    {
        auto found = shard.ask<std::vector<ledger::SentKey>>([&](auto done) { shard.log->recentKeys(m_to, 20, done); });
        std::vector<std::uint64_t> lows;
        for (const ledger::SentKey &one : *found) {
            lows.push_back(one.key.low);
        }
        return lows;
    }

    void compareArchives()
    {
        ledger::ArchiveQuery query;
        query.account = m_to;
        query.max = std::size_t(m_random.below(12));
        if (m_random.below(2) > 0) {
            query.with = m_random.below(2) > 0 ? m_from : m_from + "/r1";
        }
        if (m_random.below(4) == 0) {
            query.start = m_clock.wall() - std::chrono::seconds(m_random.below(500));
        }
        if (m_random.below(4) == 0) {
            query.end = m_clock.wall() - std::chrono::seconds(m_random.below(500));
        }
        query.lastPage = m_random.below(2) > 0;
        ledger::ArchiveQuery same = query;
        const auto &[mine, theirs] = m_seqs[std::size_t(m_random.below(m_seqs.size()))];
        using Anchor = std::optional<Seq> ledger::ArchiveQuery::*;
        const Anchor anchors[] = {&ledger::ArchiveQuery::after, &ledger::ArchiveQuery::before,
                                  &ledger::ArchiveQuery::afterId, &ledger::ArchiveQuery::beforeId};
        if (const std::uint64_t which = m_random.below(6); which < 4) {
            query.*anchors[which] = mine;
            same.*anchors[which] = theirs;
        }
        auto page = m_first.archive(query);
        auto modelled = m_second.archive(same);
        QCOMPARE(page.ok(), modelled.ok());
        if (page.ok()) {
            QCOMPARE(translate(page->rows), seqsOf(modelled->rows));
            QCOMPARE(page->complete, modelled->complete);
            QCOMPARE(page->count, modelled->count);
            QCOMPARE(page->firstIndex, modelled->firstIndex);
        }
    }

    Shard &m_first;
    Shard &m_second;
    SharedClock &m_clock;
    base::SeededRandom m_random{7};
    std::string m_from;
    std::string m_to;
    std::vector<std::pair<Seq, Seq>> m_seqs;
    std::map<std::uint64_t, std::uint64_t> m_other;
};

} // namespace

void LogConformance::randomHistoryAgainstTheModel()
{
    store::MemoryEngine model(&m_clock);
    Shard naive(model);
    History history(*m_shard, naive, m_clock);
    for (std::uint64_t step = 0; step < 1'500; ++step) {
        history.step(step);
        QVERIFY2(!QTest::currentTestFailed(), std::to_string(step).c_str());
    }
}

} // namespace godwit::test
