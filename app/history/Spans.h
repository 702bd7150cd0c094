// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// How pages of the archive become contiguous spans. Functions over the store, each inside of one piece of work, so that
// the messages of a page and the span that claims them are committed together or not at all.
#pragma once

#include "history/Intake.h"

#include <vector>

namespace godwit::history
{

/// The span that live messages extend. Touched in the database thread only.
struct LiveSpan {
    std::int64_t row = 0; ///< 0 until the first live message of a stream that missed something
};

/// All that a page or message did.
struct Stored {
    std::vector<cache::Message> added;
    std::vector<cache::OutboxRow> queued;
    std::vector<QString> settled;
};

/// A message that came live. When `contiguous`, nothing can have been missed since the live span's newest message, and
/// the span grows or begins.
Stored storeLive(cache::Store &store, const session::Incoming &message, cache::Time now, LiveSpan &live,
                 bool contiguous);

/// Items that follow the oldest account span which has a gap behind it (or the newest span), in order. Extends it and
/// joins it with the spans that it meets; when `complete`, with all newer ones.
Stored storeForward(cache::Store &store, const std::vector<session::Incoming> &items, cache::Time now, LiveSpan &live,
                    bool complete);

/// The newest items of an archive of which nothing is known. `complete`: there is nothing older.
Stored storeFirst(cache::Store &store, const std::vector<session::Incoming> &items, cache::Time now, LiveSpan &live,
                  bool complete);

/// Items of one chat that precede what is known of it. `complete`: there is nothing older.
Stored storeOlder(cache::Store &store, const QString &peer, const std::vector<session::Incoming> &items,
                  cache::Time now, bool complete);

/// Items of a page that is not finished: what has come so far, claimed by no span. The finished page is stored again.
Stored storePart(cache::Store &store, const std::vector<session::Incoming> &items, cache::Time now);
Stored storeOlderPart(cache::Store &store, const std::vector<session::Incoming> &items, cache::Time now);

/// Where the older messages of a chat are to be asked for.
struct OlderFrom {
    bool known = false;       ///< there is an archive and the chat's beginning is not reached
    bool atBeginning = false; ///< nothing older exists
    QString beforeId;         ///< or empty, then
    cache::Time end = 0;      ///< everything up to that time
};
OlderFrom olderFrom(cache::Store &store, const QString &peer);

} // namespace godwit::history
