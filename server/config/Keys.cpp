// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "config/Keys.h"

#include "config/Values.h"

#include <algorithm>

namespace godwit::config
{

namespace
{

constexpr std::string_view mechanismNames[] = {
    "SCRAM-SHA-512-PLUS",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-256",
    "SCRAM-SHA-1",
    "PLAIN",
    "ANONYMOUS",
};

bool isAny(std::string_view)
{
    return true;
}

bool isDomain(std::string_view text)
{
    return prepareDomain(text).has_value();
}

bool isPath(std::string_view text)
{
    return !text.empty() && text.find('\0') == std::string_view::npos;
}

bool isMechanism(std::string_view text)
{
    return std::ranges::find(mechanismNames, text) != std::end(mechanismNames);
}

bool isModuleName(std::string_view text)
{
    constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

bool isStorageUrl(std::string_view text)
{
    return text.starts_with("sqlite:") || text.starts_with("postgresql://");
}

bool isRetention(std::string_view text)
{
    return text == "forever" || parseDuration(text).has_value();
}

bool isOrigin(std::string_view text)
{
    if (text == "*") {
        return true;
    }
    const std::size_t scheme = text.find("://");
    const std::string_view host = scheme == std::string_view::npos ? std::string_view() : text.substr(scheme + 3);
    return scheme > 0 && !host.empty() && host.find_first_of("/?# \t\r\n\"'<>\\") == std::string_view::npos;
}

bool isPublicUrl(std::string_view text)
{
    return text.empty() || (text.starts_with("https://") && isOrigin(text));
}

constexpr std::string_view pathWords = "a path that is not empty";
constexpr std::string_view domainWords = "a domain name, \"example.org\"";

constexpr KeySpec keys[] = {
    {"", "domain", TextKey{[](Config &c) -> std::string & { return c.domain; }, isDomain, domainWords},
     "the host of all accounts, the part of a JID after the @"},
    {"", "data_dir", TextKey{[](Config &c) -> std::string & { return c.dataDir; }, isPath, pathWords},
     "where messages and accounts are kept; a relative path counts from the folder of this file"},

    {"listen", "c2s", ListenKey{[](Config &c) -> std::vector<ListenAddress> & { return c.listen.c2s; }},
     "XMPP clients, with STARTTLS"},
    {"listen", "c2s_tls", ListenKey{[](Config &c) -> std::vector<ListenAddress> & { return c.listen.c2sTls; }},
     "XMPP clients, with TLS from the first byte (XEP-0368)"},
    {"listen", "http", ListenKey{[](Config &c) -> std::vector<ListenAddress> & { return c.listen.http; }},
     "HTTP without TLS: WebSocket at /xmpp-websocket, host-meta; while tls.require is set, streams on it are for this "
     "machine only (a proxy that has the TLS)"},
    {"listen", "https", ListenKey{[](Config &c) -> std::vector<ListenAddress> & { return c.listen.https; }},
     "the same with TLS; by ALPN it takes XMPP, too, and c2s_tls takes HTTP, so that one port does for both"},
    {"listen", "s2s", ListenKey{[](Config &c) -> std::vector<ListenAddress> & { return c.listen.s2s; }},
     "accepted, not built yet"},

    {"tls", "require", BoolKey{[](Config &c) -> bool & { return c.tls.require; }},
     "false lets clients log in without TLS, with readable passwords: for tests on loopback only"},
    {"tls", "certificate", TextKey{[](Config &c) -> std::string & { return c.tls.certificate; }, isAny, "a path"},
     "PEM file with the certificate and its chain; empty: self-signed, where the domain is localhost"},
    {"tls", "key", TextKey{[](Config &c) -> std::string & { return c.tls.key; }, isAny, "a path"},
     "PEM file with the private key"},

    {"storage", "url",
     TextKey{[](Config &c) -> std::string & { return c.storage.url; }, isStorageUrl,
             "\"sqlite:\", \"sqlite:PATH\" or \"postgresql://...\""},
     "the store; \"sqlite:\" keeps it in data_dir (\"postgresql://\" is not built yet)"},
    {"storage", "retention",
     TextKey{[](Config &c) -> std::string & { return c.storage.retention; }, isRetention,
             "\"forever\" or a time, \"90 days\""},
     "how long delivered messages stay in the archive; \"0 s\": none, a message goes when a device has it"},

    {"auth", "anonymous_hosts",
     TextListKey{[](Config &c) -> std::vector<std::string> & { return c.auth.anonymousHosts; }, isDomain, domainWords},
     "further hosts where anybody logs in without an account (SASL ANONYMOUS)"},
    {"auth", "mechanisms",
     TextListKey{[](Config &c) -> std::vector<std::string> & { return c.auth.mechanisms; }, isMechanism,
                 "SCRAM-SHA-512-PLUS, SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-512, SCRAM-SHA-256, "
                 "SCRAM-SHA-1, PLAIN, ANONYMOUS"},
     "SASL mechanisms that are offered where the connection permits them"},
    {"auth", "scram_iterations",
     NumberKey{[](Config &c) -> std::uint64_t & { return c.auth.scramIterations; }, 4'096, 10'000'000},
     "work of hashing a new password (RFC 7677 §4: not less than 4096)"},

    {"auth", "token_lifetime",
     TimeKey{[](Config &c) -> base::Duration & { return c.auth.tokenLifetime; }, std::chrono::minutes(1),
             std::chrono::hours(24 * 365)},
     "how long a client that does not come back can log in without its password (XEP-0484); after half of it a client "
     "gets a new token"},
    {"auth", "tokens_per_account",
     NumberKey{[](Config &c) -> std::uint64_t & { return c.auth.tokensPerAccount; }, 0, 1'000},
     "clients of an account that can do so, of more those that came last; 0: none"},

    {"stream_management", "resume_timeout",
     TimeKey{[](Config &c) -> base::Duration & { return c.streamManagement.resumeTimeout; }, base::Duration(0),
             std::chrono::hours(24 * 7)},
     "how long a session whose connection was lost can be resumed (XEP-0198); 0: never"},

    {"http", "origins",
     TextListKey{[](Config &c) -> std::vector<std::string> & { return c.http.origins; }, isOrigin,
                 "an origin, \"https://chat.example.org\", or \"*\""},
     "web pages whose scripts may speak to this server; \"*\": any, for nobody is logged in by a cookie"},
    {"http", "public_url",
     TextKey{[](Config &c) -> std::string & { return c.http.publicUrl; }, isPublicUrl,
             "\"https://chat.example.org\", without a slash at its end"},
     "where clients reach the HTTPS port (told by host-meta); empty: the domain and the port it listens on"},

    {"websocket", "compression", BoolKey{[](Config &c) -> bool & { return c.webSocket.compression; }},
     "offer permessage-deflate (RFC 7692)"},
    {"websocket", "context_takeover", BoolKey{[](Config &c) -> bool & { return c.webSocket.contextTakeover; }},
     "compress messages by those before them: smaller, for 300 KiB of memory a connection"},

    {"web", "folder", TextKey{[](Config &c) -> std::string & { return c.web.folder; }, isAny, "a path"},
     "folder with files that the HTTP ports serve (a web client); empty: none"},

    {"modules", "enabled",
     TextListKey{[](Config &c) -> std::vector<std::string> & { return c.modules.enabled; }, isModuleName,
                 "a module's name in small letters"},
     "modules beyond those that are on by default"},
    {"modules", "disabled",
     TextListKey{[](Config &c) -> std::vector<std::string> & { return c.modules.disabled; }, isModuleName,
                 "a module's name in small letters"},
     "modules that are off; wins over enabled"},
    {"modules", "plugin_dir", TextKey{[](Config &c) -> std::string & { return c.modules.pluginDir; }, isAny, "a path"},
     "folder with modules that are not part of godwitd; empty: none"},

    {"log", "level", LevelKey{[](Config &c) -> base::LogLevel & { return c.log.level; }},
     "lines below it are not written"},

    {"admin", "socket", TextKey{[](Config &c) -> std::string & { return c.admin.socket; }, isPath, pathWords},
     "local socket of the commands; a relative path counts from data_dir"},
};

constexpr SectionSpec sections[] = {
    {"", ""},
    {"listen", "Where godwitd listens: \"address:port\", a list of them, or [] for nowhere. \"[::]\" takes IPv4 too."},
    {"tls", "Certificates are read again when they change (SIGHUP)."},
    {"storage", ""},
    {"auth", ""},
    {"stream_management", ""},
    {"http", ""},
    {"websocket", ""},
    {"web", ""},
    {"modules", ""},
    {"log", ""},
    {"admin", ""},
    {"limits",
     "Bounds on everything. Times are seconds or \"250 ms\", \"5 min\", \"2 h\", \"14 days\"; sizes are bytes or "
     "\"64 KiB\", \"1 MiB\"."},
};

constexpr LevelName levels[] = {
    {"debug", base::LogLevel::Debug},
    {"info", base::LogLevel::Info},
    {"warning", base::LogLevel::Warning},
    {"error", base::LogLevel::Error},
};

} // namespace

std::span<const KeySpec> keyTable()
{
    return keys;
}

std::span<const SectionSpec> sectionTable()
{
    return sections;
}

std::span<const LevelName> levelNames()
{
    return levels;
}

} // namespace godwit::config
