// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "CodecCost.h"
#include "Conversation.h"
#include "Modes.h"
#include "OwnServer.h"

#include <algorithm>
#include <array>
#include <memory>

namespace godwit::load
{

namespace
{

constexpr double runSeconds = 300; // of a server whose requests for acks take their time

struct Row {
    WireKind wire;
    bool compression;
    const char *key;
    const char *name;
};

constexpr std::array<Row, 5> rows{{
    {WireKind::Tcp, false, "tcp", "XML over TCP"},
    {WireKind::WebSocket, false, "ws", "XML over WebSocket"},
    {WireKind::WebSocket, true, "deflate", "XML over WebSocket, permessage-deflate"},
    {WireKind::Bosh, false, "bosh", "BOSH"},
    {WireKind::Compact, false, "compact", "compact"},
}};
constexpr std::size_t tcpRow = 0;
constexpr std::size_t compactRow = 4;

using Conversations = std::vector<std::unique_ptr<Conversation>>;

Conversations conversations(Loop &loop, const Options &options, const OwnServer &server)
{
    Endpoint others = options.endpoint;
    others.port = options.ownServer ? server.port() : options.endpoint.port;
    const std::uint16_t httpPort = options.ownServer ? server.httpPort() : options.httpPort;
    Conversations all;
    for (const Row &row : rows) {
        Endpoint phone = others;
        phone.wire = row.wire;
        phone.compression = row.compression;
        phone.port = row.wire == WireKind::Tcp ? others.port : httpPort;
        const auto first = static_cast<unsigned>(all.size()) * Conversation::accounts;
        all.push_back(std::make_unique<Conversation>(loop, options, phone, others, first));
    }
    return all;
}

/// Why it failed; empty when it did not.
std::string converse(Loop &loop, const Options &options, const Conversations &all)
{
    std::vector<Session *> company;
    for (const auto &conversation : all) {
        const std::vector<Session *> theirs = conversation->company();
        company.insert(company.end(), theirs.begin(), theirs.end());
    }
    const LoginFigures logins = logIn(loop, company, options, Meter({}));
    if (!logins.complete()) {
        return logins.firstFailure;
    }
    const auto over = [&all] {
        // Each has its turn, also when one of them has ended.
        return std::count_if(all.begin(), all.end(), [](const auto &one) { return one->advance(); }) ==
               static_cast<std::ptrdiff_t>(all.size());
    };
    const Loop::Ended ended = loop.runUntil(over, seconds(runSeconds));
    if (ended != Loop::Ended::Done) {
        return ended == Loop::Ended::Interrupted ? "interrupted" : "the conversations take too long";
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!all[i]->failure().empty()) {
            return std::string(rows[i].name) + ": " + all[i]->failure();
        }
    }
    return {};
}

double ratioOf(const Conversations &all, std::size_t row)
{
    return static_cast<double>(all[row]->traffic().total()) / static_cast<double>(all[tcpRow]->traffic().total());
}

void printTable(const Conversations &all, const CodecCosts &costs)
{
    std::printf("%-40s %9s %9s %9s %8s  %s\n", "bytes at the phone's socket", "sent", "received", "both", "/ XML",
                "one message of 20 characters and its ack");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Traffic &traffic = all[i]->traffic();
        std::printf("%-40s %9llu %9llu %9llu %8.3f  %llu\n", rows[i].name,
                    static_cast<unsigned long long>(traffic.sent), static_cast<unsigned long long>(traffic.received),
                    static_cast<unsigned long long>(traffic.total()), ratioOf(all, i),
                    static_cast<unsigned long long>(all[i]->oneMessage().total()));
    }
    const double deflate = costs.deflate.cpuMicros + costs.xml.cpuMicros;
    std::printf("\n%-40s %18s %19s\n", "coding, written and read", "us/1,000 stanzas", "bytes a connection");
    std::printf("%-40s %18.0f %19zu\n", "XML (text is kept, so read only)", costs.xml.cpuMicros, costs.xml.heldBytes);
    std::printf("%-40s %18.0f %19zu\n", "XML and deflate", deflate, costs.deflate.heldBytes);
    std::printf("%-40s %18.0f %19zu\n", "  of it deflate alone", costs.deflate.cpuMicros, costs.deflate.heldBytes);
    std::printf("%-40s %18.0f %19zu\n", "compact", costs.compact.cpuMicros, costs.compact.heldBytes);
    std::printf("%-40s %18.3f\n", "compact / XML and deflate", costs.compact.cpuMicros / deflate);
    std::printf("%-40s %18.3f\n", "compact / deflate alone", costs.compact.cpuMicros / costs.deflate.cpuMicros);
    std::printf("\ncompact/xml ratio: %.3f\n", ratioOf(all, compactRow));
}

void printJson(const Conversations &all, const CodecCosts &costs)
{
    Report report;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string key = rows[i].key;
        report.count(key + "_sent", "sent", all[i]->traffic().sent);
        report.count(key + "_received", "received", all[i]->traffic().received);
        report.count(key + "_bytes", "both", all[i]->traffic().total());
        report.count(key + "_message_bytes", "one message and its ack", all[i]->oneMessage().total());
    }
    report.number("xml_codec_us_per_1000", "XML", costs.xml.cpuMicros);
    report.number("deflate_codec_us_per_1000", "XML and deflate", costs.xml.cpuMicros + costs.deflate.cpuMicros);
    report.number("compact_codec_us_per_1000", "compact", costs.compact.cpuMicros);
    report.number("compact_deflate_cpu_ratio", "compact / XML and deflate",
                  costs.compact.cpuMicros / (costs.xml.cpuMicros + costs.deflate.cpuMicros));
    report.count("deflate_codec_bytes", "deflate", costs.deflate.heldBytes);
    report.count("compact_codec_bytes", "compact", costs.compact.heldBytes);
    report.number("compact_xml_ratio", "compact/xml", ratioOf(all, compactRow));
    report.print(Format::Json, stdout);
}

} // namespace

Outcome runBytes(const Options &options)
{
    (void)raiseDescriptorLimit();
    Loop loop;
    OwnServer server;
    if (options.ownServer) {
        const auto count = options.first + static_cast<unsigned>(rows.size()) * Conversation::accounts;
        const std::string why = server.start(loop, {options.endpoint.domain, options.users, count, options.password});
        if (!why.empty()) {
            return failed(why);
        }
    }
    const Conversations all = conversations(loop, options, server);
    if (const std::string why = converse(loop, options, all); !why.empty()) {
        return failed(why);
    }
    const std::vector<Conversation::Said> &said = all[tcpRow]->said();
    const CodecCosts costs = costsOf(said);
    if (options.format == Format::Json) {
        printJson(all, costs);
    } else {
        printTable(all, costs);
    }
    return Outcome::Done;
}

} // namespace godwit::load
