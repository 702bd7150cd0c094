// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "Tally.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <functional>
#include <utility>

namespace godwit::load
{

namespace
{

std::uint32_t digestOf(std::string_view stanzaId)
{
    return stanzaId.empty() ? 0 : static_cast<std::uint32_t>(std::hash<std::string_view>()(stanzaId)) | 1U;
}

} // namespace

Tally::Tally(std::size_t pairs, std::string run)
    : m_run(std::move(run))
    , m_pairs(pairs)
{
}

MessageName Tally::add(std::size_t pair, Micros time)
{
    std::vector<Record> &records = m_pairs[pair].records;
    Record record;
    record.sentAt = time;
    records.push_back(record);
    ++m_sent;
    return {static_cast<std::uint32_t>(pair), static_cast<std::uint32_t>(records.size() - 1)};
}

void Tally::accepted(MessageName name, Micros time)
{
    Pair &pair = m_pairs[name.pair];
    Record &record = pair.records[name.seq];
    if (record.accepted) {
        return;
    }
    record.accepted = true;
    ++pair.accepted;
    ++m_accepted;
    pair.settled += isSettled(record) ? 1 : 0;
    if (m_measuring) {
        m_acceptTimes.add(static_cast<std::uint64_t>(time - record.sentAt));
    }
}

Arrival Tally::received(std::string_view id, std::string_view stanzaId, Micros time)
{
    MessageName name;
    Record *const record = find(id, name);
    if (record == nullptr) {
        ++m_foreign;
        return Arrival::Foreign;
    }
    const std::uint32_t digest = digestOf(stanzaId);
    if (record->received) {
        if (record->stanzaId != 0 && digest != 0 && record->stanzaId != digest) {
            ++m_doubled;
            return Arrival::Doubled;
        }
        ++m_copies;
        return Arrival::Copy;
    }
    Pair &pair = m_pairs[name.pair];
    const bool was = isSettled(*record);
    record->received = true;
    record->stanzaId = digest;
    ++pair.delivered;
    ++m_delivered;
    pair.settled += isSettled(*record) && !was ? 1 : 0;
    if (name.seq < pair.highest) {
        ++m_orderBreaks;
    } else {
        pair.highest = name.seq + 1;
    }
    if (m_measuring) {
        m_deliveryTimes.add(static_cast<std::uint64_t>(time - record->sentAt));
    }
    return Arrival::Fresh;
}

void Tally::bounced(std::string_view id)
{
    MessageName name;
    Record *const record = find(id, name);
    if (record == nullptr || record->bounced) {
        return;
    }
    const bool was = isSettled(*record);
    record->bounced = true;
    ++m_bounced;
    m_pairs[name.pair].settled += isSettled(*record) && !was ? 1 : 0;
}

std::string Tally::idOf(MessageName name) const
{
    return m_run + "-" + std::to_string(name.pair) + "-" + std::to_string(name.seq);
}

std::optional<MessageName> Tally::named(std::string_view id) const
{
    if (id.size() < m_run.size() + 4 || !id.starts_with(m_run) || id[m_run.size()] != '-') {
        return std::nullopt;
    }
    const char *const end = id.data() + id.size();
    MessageName name;
    const auto pair = std::from_chars(id.data() + m_run.size() + 1, end, name.pair);
    if (pair.ec != std::errc() || pair.ptr == end || *pair.ptr != '-') {
        return std::nullopt;
    }
    const auto seq = std::from_chars(pair.ptr + 1, end, name.seq);
    if (seq.ec != std::errc() || seq.ptr != end || name.pair >= m_pairs.size() ||
        name.seq >= m_pairs[name.pair].records.size()) {
        return std::nullopt;
    }
    return name;
}

Tally::Record *Tally::find(std::string_view id, MessageName &name)
{
    const std::optional<MessageName> found = named(id);
    if (!found) {
        return nullptr;
    }
    name = *found;
    return &m_pairs[name.pair].records[name.seq];
}

bool Tally::isReceived(MessageName name) const
{
    return m_pairs[name.pair].records[name.seq].received;
}

std::uint32_t Tally::sentIn(std::size_t pair) const
{
    return static_cast<std::uint32_t>(m_pairs[pair].records.size());
}

std::uint32_t Tally::openIn(std::size_t pair) const
{
    return sentIn(pair) - m_pairs[pair].settled;
}

Tally::Missing Tally::missing() const
{
    Missing missing;
    for (const Pair &pair : m_pairs) {
        for (const Record &record : pair.records) {
            if (record.accepted && !record.received) {
                ++(record.bounced ? missing.bounced : missing.lost);
            }
        }
    }
    return missing;
}

std::string Tally::save(const std::string &path) const
{
    std::ofstream file(path, std::ios::trunc);
    file << m_run << ' ' << m_pairs.size() << '\n';
    for (const Pair &pair : m_pairs) {
        for (const Record &record : pair.records) {
            file << (record.bounced ? 'b' : record.accepted ? 'a' : 's');
        }
        file << ".\n";
    }
    file.close();
    return file ? std::string() : "cannot write '" + path + "': " + std::strerror(errno);
}

std::optional<Tally> Tally::load(const std::string &path)
{
    std::ifstream file(path);
    std::string run;
    std::size_t pairs = 0;
    if (!(file >> run >> pairs) || pairs == 0 || pairs > 1'000'000) {
        return std::nullopt;
    }
    Tally tally(pairs, run);
    for (std::size_t pair = 0; pair < pairs; ++pair) {
        std::string records;
        file >> records;
        for (const char kind : records.substr(0, records.find('.'))) {
            const MessageName name = tally.add(pair, 0);
            Record &record = tally.m_pairs[pair].records[name.seq];
            record.accepted = kind != 's';
            record.bounced = kind == 'b';
            tally.m_pairs[pair].accepted += record.accepted ? 1 : 0;
            tally.m_accepted += record.accepted ? 1 : 0;
            tally.m_bounced += record.bounced ? 1 : 0;
            tally.m_pairs[pair].settled += record.bounced ? 1 : 0;
        }
    }
    return file ? std::optional<Tally>(std::move(tally)) : std::nullopt;
}

} // namespace godwit::load
