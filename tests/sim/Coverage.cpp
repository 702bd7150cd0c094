// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "Coverage.h"

namespace godwit::sim
{

namespace
{

/// In the order of the events.
constexpr std::array<std::string_view, eventCount> words = {
    "messages stored",
    "... with sender and recipient on two shards",
    "... for a full JID",
    "... for a resource that is gone",
    "messages with no-store read",
    "an iq stood behind a message that was not durable",
    "an <r/> was answered before all was durable",
    "messages sent again",
    "... while the first try was on its way to the disk",
    "... with a delay of their own",
    "batches refused for a full disk",
    "rows refused",
    "writes forgotten by a crash before their sync",
    "a crash came after a commit and before its answer",
    "proofs lost in a crash",
    "connections cut",
    "... inside an element towards the server",
    "... inside an element towards the client",
    "connections dead without the server's knowledge",
    "a client came back while its old connection looked alive",
    "connections moved to another shard",
    "clients crashed",
    "the server crashed",
    "streams resumed",
    "... rows written again on one",
    "resumptions refused",
    "... for a count that cannot be",
    "acks repeated",
    "acks from before the last one",
    "acks for more than was sent",
    "counts wrapped at 2^32",
    "barriers answered",
    "answers that nobody asked for",
    "weak proofs of clients that answer no ping",
    "reads of the log failed",
    "... took seconds",
    "errors that answer accepted messages stored",
    "... could not be looked up",
    "a message came while an error of its sender was on its way to the disk",
    "accounts blocked",
    "... and unblocked",
    "messages read between accounts of which one blocks the other",
    "pending rows dropped",
    "archive results written",
    "rows proved by an archive result",
    "carbons of received messages",
    "carbons of sent messages",
    "sessions with a negative priority",
    "clients inactive",
    "sessions that lagged",
    "reads paused",
    "windows full",
    "rows written late",
    "rows written again to their account",
    "errors for messages",
};

} // namespace

std::string_view wordsOf(Event event)
{
    return words[static_cast<std::size_t>(event)];
}

} // namespace godwit::sim
