// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "config/Limits.h"

#include "config/Values.h"

#include <algorithm>

namespace godwit::config
{

namespace
{

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t kibibyte = 1024;
constexpr std::uint64_t mebibyte = 1024 * kibibyte;
constexpr std::uint64_t gibibyte = 1024 * mebibyte;

constexpr NumberLimit count(std::uint64_t Limits::*member, std::uint64_t least, std::uint64_t most)
{
    return {member, LimitUnit::Count, least, most};
}

constexpr NumberLimit bytes(std::uint64_t Limits::*member, std::uint64_t least, std::uint64_t most)
{
    return {member, LimitUnit::Bytes, least, most};
}

constexpr TimeLimit time(base::Duration Limits::*member, base::Duration least, base::Duration most)
{
    return {member, least, most};
}

constexpr LimitSpec table[] = {
    {"connections_max", count(&Limits::connectionsMax, 0, 10'000'000),
     "connections of the whole process; further ones are closed at once; 0: as many as it may have descriptors"},
    {"connections_per_address_max", count(&Limits::connectionsPerAddressMax, 1, 1'000'000),
     "connections from one IPv4 address or one IPv6 /64 network; loopback is exempt"},
    {"handshakes_per_address_max", count(&Limits::handshakesPerAddressMax, 1, 1'000'000),
     "of these, connections that are not logged in yet"},
    {"handshake_time", time(&Limits::handshakeTime, seconds(1), minutes(10)),
     "time from the connection to the end of the login"},
    {"handshake_bytes_max", bytes(&Limits::handshakeBytesMax, 4 * kibibyte, 16 * mebibyte),
     "all that a peer may send before it is logged in"},
    {"preauth_stanza_bytes_max", bytes(&Limits::preauthStanzaBytesMax, 10'000, 16 * mebibyte),
     "one element before the login (RFC 6120 §13.12: not less than 10000)"},
    {"login_failures_max", count(&Limits::loginFailuresMax, 2, 5),
     "failed logins of one connection before it is closed (RFC 6120 §6.4.4: from 2 to 5)"},
    {"listen_backlog", count(&Limits::listenBacklog, 1, 65'535),
     "connections that wait in the system for this process to take them"},

    {"stanza_bytes_max", bytes(&Limits::stanzaBytesMax, 10'000, 16 * mebibyte),
     "one stanza (RFC 6120 §13.12: not less than 10000); larger ones end the stream"},
    {"depth_max", count(&Limits::depthMax, 8, 1'000), "nesting of elements in a stanza"},
    {"attributes_max", count(&Limits::attributesMax, 16, 1'000), "attributes of one element"},
    {"elements_max", count(&Limits::elementsMax, 100, 1'000'000), "elements in one stanza"},

    {"uncommitted_stanzas_max", count(&Limits::uncommittedStanzasMax, 1, 65'536),
     "stanzas of one stream that the store has not made durable; reading pauses there"},
    {"uncommitted_bytes_max", bytes(&Limits::uncommittedBytesMax, 10'000, gibibyte), "the same in bytes"},
    {"socket_input_bytes", bytes(&Limits::socketInputBytes, 0, 64 * mebibyte),
     "what the system takes from a client that is not read at the moment; 0: as the system likes, often megabytes"},
    {"unproved_max", count(&Limits::unprovedMax, 1, 65'536),
     "messages sent to a client that it has not acknowledged; further ones wait in the log"},
    {"kept_bytes_max", bytes(&Limits::keptBytesMax, 10'000, gibibyte),
     "stanzas that are not stored (presence, IQ), kept for a resumption of the stream"},
    {"waiting_bytes_max", bytes(&Limits::waitingBytesMax, 10'000, gibibyte),
     "output waiting for a slow client above which chat states are dropped and presence is coalesced"},
    {"session_output_bytes_max", bytes(&Limits::sessionOutputBytesMax, 10'000, gibibyte),
     "output waiting for a slow client above which its connection is closed; its messages wait in the log"},
    {"held_presences_max", count(&Limits::heldPresencesMax, 1, 65'536),
     "coalesced presences held for a lagging or inactive client"},
    {"directed_presences_max", count(&Limits::directedPresencesMax, 1, 65'536),
     "entities that a session sent directed presence to"},
    {"ack_request_interval", time(&Limits::ackRequestInterval, milliseconds(10), seconds(30)),
     "longest wait before a client that has unacknowledged stanzas is asked for an ack (XEP-0198)"},
    {"ack_answer_delay_max", time(&Limits::ackAnswerDelayMax, milliseconds(10), seconds(10)),
     "longest wait of a client's request for an ack while the store is busy"},
    {"ack_timeout", time(&Limits::ackTimeout, seconds(5), hours(1)),
     "a client that does not answer a request for an ack for so long is disconnected, resumably"},
    {"barrier_timeout", time(&Limits::barrierTimeout, seconds(5), hours(1)),
     "wait for the answer to a ping that proves delivery to clients without acks"},
    {"keepalive_idle", time(&Limits::keepAliveIdle, seconds(10), hours(24)),
     "silence after which the system probes a connection (TCP keep-alive)"},
    {"keepalive_interval", time(&Limits::keepAliveInterval, seconds(1), hours(1)),
     "time between these probes; three without an answer end the connection"},
    {"idle_probe_time", time(&Limits::idleProbeTime, seconds(10), hours(24)),
     "silence after which a client is asked for an ack or pinged"},
    {"send_timeout", time(&Limits::sendTimeout, seconds(5), hours(24)),
     "unacknowledged output for so long breaks the connection (TCP_USER_TIMEOUT)"},
    {"close_time", time(&Limits::closeTime, milliseconds(100), minutes(5)),
     "time a client has to take its last output and to close its stream"},

    {"http_target_bytes_max", bytes(&Limits::httpTargetBytesMax, 256, 64 * kibibyte),
     "the target of an HTTP request (414 beyond it)"},
    {"http_header_bytes_max", bytes(&Limits::httpHeaderBytesMax, kibibyte, mebibyte),
     "the head of an HTTP request: its line and its header fields (431)"},
    {"http_fields_max", count(&Limits::httpFieldsMax, 16, 1'000), "header fields of an HTTP request (431)"},
    {"http_body_bytes_max", bytes(&Limits::httpBodyBytesMax, 10'000, gibibyte), "the body of an HTTP request (413)"},
    {"http_pipelined_max", count(&Limits::httpPipelinedMax, 1, 1'000),
     "HTTP requests of one connection that wait for their answers; further ones are not read"},
    {"http_output_bytes_max", bytes(&Limits::httpOutputBytesMax, 16 * kibibyte, 64 * mebibyte),
     "answers that an HTTP client has not taken; with more waiting its requests are not read"},
    {"web_bytes_max", bytes(&Limits::webBytesMax, kibibyte, 4 * gibibyte),
     "all files of web.folder, which are held in memory; with more the server does not start"},
    {"http_header_time", time(&Limits::httpHeaderTime, milliseconds(100), minutes(10)),
     "time for the head of an HTTP request (408)"},
    {"http_body_time", time(&Limits::httpBodyTime, milliseconds(100), minutes(10)),
     "time for the body of an HTTP request (408)"},
    {"http_idle_time", time(&Limits::httpIdleTime, milliseconds(100), hours(1)),
     "time between two HTTP requests of one connection, which is closed then"},

    {"bosh_hold_max", count(&Limits::boshHoldMax, 0, 16), "requests of a BOSH session that are held open (XEP-0124)"},
    {"bosh_wait_max", time(&Limits::boshWaitMax, seconds(1), minutes(10)), "how long one is held open"},
    {"bosh_inactivity", time(&Limits::boshInactivity, seconds(1), hours(1)),
     "time without a request after which a BOSH session is lost, resumably"},
    {"bosh_pause_max", time(&Limits::boshPauseMax, seconds(1), hours(1)), "the same when its client asked for a pause"},
    {"bosh_polling", time(&Limits::boshPolling, milliseconds(100), minutes(1)),
     "shortest time between two empty requests of a BOSH session that is not held open"},

    {"sessions_per_account_max", count(&Limits::sessionsPerAccountMax, 1, 10'000),
     "connected resources of one account"},
    {"resumable_sessions_max", count(&Limits::resumableSessionsMax, 0, 10'000),
     "disconnected sessions of one account that wait for a resumption; the oldest goes first"},
    {"roster_items_max", count(&Limits::rosterItemsMax, 1, 1'000'000), "contacts of one account"},
    {"roster_groups_max", count(&Limits::rosterGroupsMax, 1, 1'000), "groups of one contact"},
    {"pending_requests_max", count(&Limits::pendingRequestsMax, 1, 100'000),
     "subscription requests that an account has not answered"},
    {"presence_bytes_max", bytes(&Limits::presenceBytesMax, kibibyte, 16 * mebibyte), "one presence"},
    {"contact_steps_max", count(&Limits::contactStepsMax, 16, 1'000'000),
     "roster requests and presences of one account that wait for the store; further ones: resource-constraint"},
    {"pending_messages_max", count(&Limits::pendingMessagesMax, 1, 1'000'000'000),
     "messages of one account that no device has; further ones are refused to their senders"},
    {"recent_bytes_max", bytes(&Limits::recentBytesMax, 0, gibibyte),
     "newest messages of one account held in memory while a connected client is behind; 0: none, it waits for the log"},
    {"blocked_max", count(&Limits::blockedMax, 1, 10'000), "addresses that one account blocks"},
    {"history_page_max", count(&Limits::historyPageMax, 1, 10'000), "messages in one page of the archive (XEP-0313)"},
    {"devices_max", count(&Limits::devicesMax, 1, 1'000), "devices of one account whose positions are remembered"},
    {"device_memory", time(&Limits::deviceMemory, hours(1), hours(24 * 3650)),
     "how long the position of a device that does not come is remembered"},
    {"sent_keys_max", count(&Limits::sentKeysMax, 1, 1'000'000),
     "sent messages of one account by which a resend is recognised"},
    {"sent_keys_memory", time(&Limits::sentKeysMemory, hours(1), hours(24 * 365)), "how long they are remembered"},

    {"shards", count(&Limits::shards, 0, 1'024), "threads that serve clients; 0: one for each core"},
    {"hashing_threads", count(&Limits::hashingThreads, 0, 1'024), "threads that hash passwords; 0: one for each core"},
    {"hashing_waiting_max", count(&Limits::hashingWaitingMax, 1, 10'000'000),
     "logins that wait for them; further ones are told to try again"},
    {"batch_rows_max", count(&Limits::batchRowsMax, 1, 100'000), "messages in one commit of the store"},
    {"batch_bytes_max", bytes(&Limits::batchBytesMax, 10'000, gibibyte), "the same in bytes"},
    {"memory_budget_bytes", bytes(&Limits::memoryBudgetBytes, 16 * mebibyte, 1024 * gibibyte),
     "buffers of all sessions; above it logins are refused first, then reading pauses"},
    {"idle_accounts_max", count(&Limits::idleAccountsMax, 0, 10'000'000),
     "accounts without sessions whose state is kept in memory, in each shard"},
    {"stop_time", time(&Limits::stopTime, seconds(1), hours(1)), "time for an orderly stop"},
};

constexpr LimitRelation relations[] = {
    {"preauth_stanza_bytes_max", "handshake_bytes_max"},
    {"preauth_stanza_bytes_max", "stanza_bytes_max"},
    {"stanza_bytes_max", "uncommitted_bytes_max"},
    {"stanza_bytes_max", "session_output_bytes_max"},
    {"stanza_bytes_max", "batch_bytes_max"},
    {"waiting_bytes_max", "session_output_bytes_max"},
    {"presence_bytes_max", "stanza_bytes_max"},
    {"handshakes_per_address_max", "connections_per_address_max"},
    {"session_output_bytes_max", "memory_budget_bytes"},
    {"keepalive_interval", "keepalive_idle"},
    {"http_target_bytes_max", "http_header_bytes_max"},
    {"stanza_bytes_max", "http_body_bytes_max"},
};

/// The value as a number, and as it is written.
struct Amount {
    std::uint64_t number = 0;
    std::string text;
};

Amount amountOf(const Limits &limits, std::string_view name)
{
    const auto found = std::ranges::find(table, name, &LimitSpec::name);
    GW_ASSERT(found != std::end(table));
    if (const auto *number = std::get_if<NumberLimit>(&found->value)) {
        const std::uint64_t value = limits.*number->member;
        return {value, formatNumber(value, number->unit)};
    }
    const base::Duration value = limits.*std::get<TimeLimit>(found->value).member;
    return {static_cast<std::uint64_t>(value.count()), formatDuration(value)};
}

} // namespace

std::span<const LimitSpec> limitTable()
{
    return table;
}

std::span<const LimitRelation> limitRelations()
{
    return relations;
}

base::Result<base::Ok> checkRelations(const Limits &limits)
{
    for (const LimitRelation &relation : relations) {
        const Amount smaller = amountOf(limits, relation.smaller);
        const Amount larger = amountOf(limits, relation.larger);
        if (smaller.number > larger.number) {
            return base::Error(base::ErrorCode::InvalidInput, "limits." + std::string(relation.smaller) + " (" +
                                                                  smaller.text + ") must be at most limits." +
                                                                  std::string(relation.larger) + " (" + larger.text +
                                                                  ")");
        }
    }
    return base::Ok{};
}

} // namespace godwit::config
