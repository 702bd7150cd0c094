// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
#include "OptionTable.h"

#include "base/Number.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace godwit::load
{

namespace
{

// Which modes an option belongs to.
constexpr unsigned inHold = 1;
constexpr unsigned inChat = 2;
constexpr unsigned inOffline = 4;
constexpr unsigned inChurn = 8;
constexpr unsigned inForward = 16;
constexpr unsigned inBytes = 32;
constexpr unsigned inLoad = inHold | inChat | inOffline | inChurn;
constexpr unsigned inXmpp = inLoad | inBytes;
constexpr unsigned inTalk = inChat | inOffline | inChurn;

constexpr std::array<ModeEntry, 6> modes{{
    {Mode::Hold, inHold, "hold", "open sessions and hold them: login rate, CPU per login, memory per idle session"},
    {Mode::Chat, inChat, "chat", "pairs that talk: rates, latency, loss, order; closed loop, fixed rate or overload"},
    {Mode::Offline, inOffline, "offline",
     "messages to users who are away, then the drain; with --cut, receivers torn with unread messages"},
    {Mode::Churn, inChurn, "churn", "sessions that come, talk, are torn, resume and go: losses, doubles, resumptions"},
    {Mode::Forward, inForward, "forward", "the baseline: a server that copies bytes between two clients, no XMPP"},
    {Mode::Bytes, inBytes, "bytes",
     "ten minutes of a phone's chat over every wire: bytes at the socket, cost of the codecs; starts its own godwitd"},
}};

Setter wholeNumber(unsigned Options::*member, unsigned min, unsigned max)
{
    return [member, min, max](Options &options, const std::string &text) -> std::string {
        const auto value = base::readNumber<unsigned>(text);
        if (!value || *value < min || *value > max) {
            return "a number from " + std::to_string(min) + " to " + std::to_string(max);
        }
        options.*member = *value;
        return {};
    };
}

Setter decimal(double Options::*member, double max)
{
    return [member, max](Options &options, const std::string &text) -> std::string {
        char *end = nullptr;
        const double value = std::strtod(text.c_str(), &end);
        if (text.empty() || *end != '\0' || !(value >= 0) || value > max) {
            return "a number from 0 to " + std::to_string(static_cast<long>(max));
        }
        options.*member = value;
        return {};
    };
}

Setter words(std::string Options::*member)
{
    return [member](Options &options, const std::string &text) -> std::string {
        options.*member = text;
        return {};
    };
}

Setter flag(bool Options::*member, bool value)
{
    return [member, value](Options &options, const std::string &) -> std::string {
        options.*member = value;
        return {};
    };
}

std::string setMechanism(Options &options, const std::string &text)
{
    std::string upper = text;
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const std::optional<Mechanism> mechanism = mechanismCalled(upper);
    if (!mechanism) {
        return "anonymous, plain, scram-sha-1 or scram-sha-256";
    }
    options.endpoint.mechanism = *mechanism;
    return {};
}

std::string setWire(Options &options, const std::string &text)
{
    constexpr std::array<std::pair<std::string_view, WireKind>, 4> wires{{{"tcp", WireKind::Tcp},
                                                                          {"ws", WireKind::WebSocket},
                                                                          {"bosh", WireKind::Bosh},
                                                                          {"compact", WireKind::Compact}}};
    for (const auto &[name, wire] : wires) {
        if (name == text) {
            options.endpoint.wire = wire;
            return {};
        }
    }
    return "tcp, ws, bosh or compact";
}

/// The figures are read from this machine's /proc, and a load on somebody else's server is an attack.
std::string setHost(Options &options, const std::string &text)
{
    in_addr address{};
    if (inet_pton(AF_INET, text.c_str(), &address) != 1 || ntohl(address.s_addr) >> 24 != 127) {
        return "an address of 127.0.0.0/8";
    }
    options.endpoint.host = text;
    return {};
}

std::string readPort(std::uint16_t &port, const std::string &text)
{
    const auto value = base::readNumber<std::uint16_t>(text);
    if (!value || *value == 0) {
        return "a port from 1 to 65535";
    }
    port = *value;
    return {};
}

std::string setPort(Options &options, const std::string &text)
{
    options.ownServer = false;
    return readPort(options.endpoint.port, text);
}

std::string setHttpPort(Options &options, const std::string &text)
{
    return readPort(options.httpPort, text);
}

std::string addPid(Options &options, const std::string &text)
{
    const auto value = base::readNumber<pid_t>(text);
    if (!value || *value <= 0) {
        return "a process id";
    }
    options.serverPids.push_back(*value);
    return {};
}

std::string setPhase(Options &options, const std::string &text)
{
    constexpr std::array<std::pair<std::string_view, Phase>, 3> phases{
        {{"all", Phase::All}, {"store", Phase::Store}, {"drain", Phase::Drain}}};
    for (const auto &[name, phase] : phases) {
        if (name == text) {
            options.phase = phase;
            return {};
        }
    }
    return "all, store or drain";
}

std::string setBuffer(Options &options, const std::string &text)
{
    const auto value = base::readNumber<int>(text);
    if (!value || *value < 0 || *value > 64 << 20) {
        return "a number of bytes up to 67108864";
    }
    options.endpoint.sendBuffer = *value;
    return {};
}

std::vector<Option> commonOptions()
{
    return {
        {"--host", "ADDRESS", inXmpp, "loopback address of the server (127.0.0.1)", setHost},
        {"--port", "PORT", inLoad, "port of plain TCP, or of HTTP for another wire (5222)", setPort},
        {"--port", "PORT", inBytes, "port of plain TCP of a server that runs (none: one is started)", setPort},
        {"--http-port", "PORT", inBytes, "its port of HTTP", setHttpPort},
        {"--wire", "NAME", inLoad, "tcp, ws (XML over WebSocket), bosh or compact (tcp)", setWire},
        {"--domain", "NAME", inXmpp, "XMPP domain to log in to (localhost)",
         [](Options &o, const std::string &text) {
             o.endpoint.domain = text;
             return std::string();
         }},
        {"--auth", "MECHANISM", inXmpp, "anonymous, plain, scram-sha-1 or scram-sha-256 (plain; bytes: scram-sha-256)",
         setMechanism},
        {"--users", "PREFIX", inXmpp, "accounts are PREFIX0, PREFIX1, ... (user)", words(&Options::users)},
        {"--first", "N", inXmpp, "number of the first account (0)", wholeNumber(&Options::first, 0, 10'000'000)},
        {"--password", "TEXT", inXmpp, "password of every account (secret)", words(&Options::password)},
        {"--resource", "TEXT", inLoad, "resource to bind (load)", words(&Options::resource)},
        {"--parallel", "N", inXmpp, "logins under way at once (100)", wholeNumber(&Options::parallel, 1, 10'000)},
        {"--login-timeout", "S", inXmpp, "all logins of a step end within (180)",
         decimal(&Options::loginTimeout, 3600)},
        {"--no-sm", "", inLoad, "without stream management (XEP-0198)",
         [](Options &o, const std::string &) {
             o.endpoint.streamManagement = false;
             return std::string();
         }},
        {"--no-resume", "", inLoad, "stream management without resumption",
         [](Options &o, const std::string &) {
             o.endpoint.resumption = false;
             return std::string();
         }},
        {"--send-buffer", "BYTES", inLoad, "SO_SNDBUF of the clients, 0 for the system's (0; 16384 with --overload)",
         setBuffer},
        {"--server-pid", "PID", inLoad | inForward, "measure this process and its children; may be repeated", addPid},
        {"--json", "", inXmpp | inForward, "print one JSON object instead of a table",
         [](Options &o, const std::string &) {
             o.format = Format::Json;
             return std::string();
         }},
    };
}

std::vector<Option> optionsOfModes()
{
    return {
        {"--sessions", "N", inHold | inChurn, "sessions (1000)", wholeNumber(&Options::sessions, 1, 60'000)},
        {"--steps", "N", inHold, "memory is read after each of so many equal steps (4)",
         wholeNumber(&Options::steps, 1, 100)},
        {"--settle", "S", inHold, "wait before memory is read (2)", decimal(&Options::settle, 600)},
        {"--hold", "S", inHold, "then hold all sessions idle for (10)", decimal(&Options::hold, 86'400)},
        {"--pairs", "P", inChat | inOffline | inForward, "pairs of a sender and a receiver (100)",
         wholeNumber(&Options::pairs, 1, 30'000)},
        {"--window", "K", inTalk | inForward, "messages in flight in a pair, closed loop (4)",
         wholeNumber(&Options::window, 1, 100'000)},
        {"--rate", "R", inChat | inChurn, "fixed rate over all pairs, messages/s; 0 is the closed loop (0)",
         decimal(&Options::rate, 10'000'000)},
        {"--overload", "", inChat, "first the closed loop, then a multiple of its rate",
         flag(&Options::overload, true)},
        {"--factor", "X", inChat, "that multiple (2)", decimal(&Options::overloadFactor, 100)},
        {"--warmup", "S", inChat | inForward, "not measured at the start (2)", decimal(&Options::warmup, 600)},
        {"--duration", "S", inChat | inChurn | inForward, "measured time (10)", decimal(&Options::duration, 86'400)},
        {"--drain", "S", inTalk, "wait for what is under way at the end, at most (30)", decimal(&Options::drain, 3600)},
        {"--stall", "S", inChat | inOffline, "a pair without progress for so long is a stall (10)",
         decimal(&Options::stall, 600)},
        {"--body", "N", inTalk | inForward, "characters in a body (40)", wholeNumber(&Options::bodyLength, 1, 60'000)},
        {"--no-origin-id", "", inTalk, "messages without origin-id (XEP-0359)", flag(&Options::originId, false)},
        {"--full-jid", "", inChat | inOffline, "address full JIDs (always so with anonymous)",
         flag(&Options::fullJid, true)},
        {"--receiver-no-sm", "", inChat | inOffline, "receivers without stream management",
         flag(&Options::receiverManagement, false)},
        {"--messages", "M", inOffline, "messages over all pairs (10000)",
         wholeNumber(&Options::messages, 1, 50'000'000)},
        {"--phase", "NAME", inOffline, "all, or only store or drain, with --state between them (all)", setPhase},
        {"--state", "FILE", inOffline, "what was accepted, from store to drain", words(&Options::state)},
        {"--cut", "", inOffline, "receivers are there, stop reading, are torn, and return as new sessions",
         flag(&Options::cut, true)},
        {"--unread", "N", inOffline, "with --cut: messages to each receiver while it hangs (15)",
         wholeNumber(&Options::unread, 0, 100'000)},
        {"--away", "N", inOffline, "with --cut: messages to each receiver while it is away (0)",
         wholeNumber(&Options::away, 0, 100'000)},
        {"--return-after", "S", inOffline, "a torn receiver returns after (1)", decimal(&Options::returnAfter, 3600)},
        {"--same-resource", "", inOffline, "a torn receiver returns with its old resource",
         flag(&Options::newResource, false)},
        {"--life", "S", inChurn, "mean time until a session ends (2)", decimal(&Options::life, 3600)},
        {"--pause", "S", inChurn, "mean time until it comes back (1)", decimal(&Options::pause, 3600)},
        {"--seed", "N", inChurn, "of the random choices (1)", wholeNumber(&Options::seed, 0, 4'000'000'000U)},
        {"--fail-on-loss", "", inTalk, "exit with 3 when an accepted message did not arrive, or twice, or not in order",
         flag(&Options::failOnLoss, true)},
    };
}

} // namespace

const std::array<ModeEntry, 6> &modeTable()
{
    return modes;
}

std::vector<Option> optionTable()
{
    std::vector<Option> all = commonOptions();
    for (Option &option : optionsOfModes()) {
        all.push_back(std::move(option));
    }
    return all;
}

} // namespace godwit::load
