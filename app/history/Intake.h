// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What one incoming stanza does to the cache. The same stanza may come live, as a carbon and from the archive, in any
// order and more than once; a message is shown once.
#pragma once

#include "cache/Store.h"
#include "session/Incoming.h"

#include <optional>
#include <vector>

namespace godwit::history
{

/// Where an archived message belongs in its chat. All zero for what comes live: behind the newest.
struct Placing {
    cache::Place after = 0;  ///< the message before it in the archive, of the same chat
    cache::Place before = 0; ///< the first known message that comes later, 0 for none
    cache::Place exact = 0;  ///< decided already, when an older page is laid in backwards
    bool old = false;        ///< history from before our time: not unread, and not confirmed
};

/// What happened, for the rooms that keep books in memory.
struct Taken {
    std::optional<cache::Message> added;   ///< a message that was not known before
    std::vector<cache::OutboxRow> queued;  ///< receipts that are to be sent
    std::vector<QString> settled;          ///< origin-ids of own messages that are proved to have arrived
    cache::Place place = 0;                ///< where the message is, 0 if it is none
};

/// Runs inside of a piece of work on the store. `now` is the time of this device.
Taken take(cache::Store &store, const session::Incoming &incoming, cache::Time now, const Placing &placing = {});

} // namespace godwit::history
