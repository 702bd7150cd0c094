// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "history/Spans.h"

#include <QHash>

#include <algorithm>
#include <limits>

namespace godwit::history
{

using cache::Place;
using cache::Span;
using cache::Store;
using cache::Time;
using session::Incoming;

namespace
{

void collect(Stored &stored, Taken &&taken)
{
    if (taken.added) {
        stored.added.push_back(*std::move(taken.added));
    }
    std::ranges::move(taken.queued, std::back_inserter(stored.queued));
    std::ranges::move(taken.settled, std::back_inserter(stored.settled));
}

void noteSpans(Store &store)
{
    store.note({.kind = cache::Change::Kind::SpansChanged, .message = {}, .chat = {}});
}

/// The places of the items of a page in each chat, while it is laid in from old to new.
class Laying
{
public:
    Laying(Store &store, Place after, Place before)
        : m_store(store)
        , m_after(after)
        , m_before(before)
    {
    }

    Placing next(const QString &peer)
    {
        auto found = m_last.find(peer);
        if (found == m_last.end()) {
            const auto known = m_store.messages.page(peer, m_after + 1, 1);
            found = m_last.insert(peer, known.empty() ? 0 : known.front().place);
        }
        return {.after = found.value(),
                .before = m_before ? m_store.messages.nextPlace(peer, m_before - 1) : 0,
                .exact = 0,
                .old = false};
    }
    void laid(const QString &peer, Place place)
    {
        if (place) {
            m_last[peer] = place;
        }
    }

private:
    Store &m_store;
    const Place m_after;
    const Place m_before;
    QHash<QString, Place> m_last;
};

/// Places for items that lie before `upper`, from the newest to the oldest: the archive's time, made smaller where
/// several share it.
std::vector<Place> placesBelow(const std::vector<Incoming> &items, Place upper)
{
    std::vector<Place> places(items.size());
    Place limit = upper;
    for (std::size_t i = items.size(); i-- > 0;) {
        limit = std::min(items[i].stamp ? items[i].stamp : limit - 1, limit - 1);
        places[i] = limit;
    }
    return places;
}

} // namespace

Stored storeLive(Store &store, const Incoming &message, Time now, LiveSpan &live, bool contiguous)
{
    Stored stored;
    Taken taken = take(store, message, now);
    // What carries a delay was kept for us somewhere: what lay between is not proved by it.
    if (contiguous && !message.archiveId.isEmpty() && message.stamp == 0) {
        std::vector<Span> spans = store.spans.all({});
        const auto span = std::ranges::find(spans, live.row, &Span::row);
        const Place place = taken.place ? taken.place : now;
        if (live.row != 0 && span != spans.end()) {
            span->highId = message.archiveId;
            span->highPlace = std::max(span->highPlace, place);
            store.spans.update(*span);
        } else {
            const Place low = spans.empty() ? place : std::max(place, spans.back().highPlace + 1);
            Span begun{.row = 0,
                       .scope = {},
                       .lowId = message.archiveId,
                       .highId = message.archiveId,
                       .lowPlace = low,
                       .highPlace = low,
                       .fromBeginning = false};
            store.spans.add(begun);
            live.row = begun.row;
        }
    }
    collect(stored, std::move(taken));
    return stored;
}

Stored storeForward(Store &store, const std::vector<Incoming> &items, Time now, LiveSpan &live, bool complete)
{
    Stored stored;
    std::vector<Span> spans = store.spans.all({});
    if (spans.empty()) {
        return storePart(store, items, now);
    }
    Span &filled = spans.front();
    std::size_t newer = 1; // the first span above `filled` that it was not joined with
    const auto join = [&] {
        const Span &other = spans[newer++];
        if (live.row == other.row) {
            live.row = filled.row;
        }
        filled.highId = other.highId;
        filled.highPlace = std::max(filled.highPlace, other.highPlace);
        store.spans.remove(other);
    };
    Laying laying(store, filled.highPlace, spans.size() > 1 ? spans[1].lowPlace : 0);
    for (const Incoming &item : items) {
        Taken taken = take(store, item, now, laying.next(item.peer));
        laying.laid(item.peer, taken.place);
        const bool known = newer < spans.size() && item.archiveId == spans[newer].lowId;
        if (known) {
            join();
        } else if (newer == 1 || filled.highPlace < std::max(item.stamp, taken.place)) {
            filled.highId = item.archiveId;
            filled.highPlace = std::max(filled.highPlace, taken.place ? taken.place : item.stamp);
        }
        collect(stored, std::move(taken));
    }
    if (complete) {
        while (newer < spans.size()) {
            join();
        }
        live.row = filled.row;
    }
    store.spans.update(filled);
    noteSpans(store);
    return stored;
}

Stored storeFirst(Store &store, const std::vector<Incoming> &items, Time now, LiveSpan &live, bool complete)
{
    Stored stored;
    // A live message may have begun a span while the answer was on its way; the page may reach into it.
    const std::vector<Span> begun = store.spans.all({});
    bool reaches = false;
    Laying laying(store, 0, 0);
    Span span;
    for (const Incoming &item : items) {
        Placing placing = laying.next(item.peer);
        placing.old = true;
        Taken taken = take(store, item, now, placing);
        laying.laid(item.peer, taken.place);
        const Place place = taken.place ? taken.place : item.stamp;
        if (span.lowId.isEmpty()) {
            span.lowId = item.archiveId;
            span.lowPlace = place;
        }
        span.highId = item.archiveId;
        span.highPlace = std::max(span.highPlace, place);
        reaches = reaches || (!begun.empty() && item.archiveId == begun.front().lowId);
        collect(stored, std::move(taken));
    }
    if (items.empty()) {
        // Nothing up to now, and that is remembered: what comes while this device is away is new to it.
        Span beginning;
        beginning.fromBeginning = true;
        store.spans.add(beginning);
        return stored;
    }
    if (reaches) {
        span.highId = begun.back().highId;
        span.highPlace = std::max(span.highPlace, begun.back().highPlace);
        for (const Span &old : begun) {
            store.spans.remove(old);
        }
    }
    span.fromBeginning = complete;
    store.spans.add(span);
    if (reaches) {
        live.row = span.row;
    }
    return stored;
}

Stored storeOlder(Store &store, const QString &peer, const std::vector<Incoming> &items, Time now, bool complete)
{
    Stored stored;
    const std::vector<Span> whole = store.spans.all({});
    if (whole.empty()) {
        return stored;
    }
    std::vector<Span> own = store.spans.all(peer);
    const bool begins = own.empty();
    Span span = begins ? Span{.row = 0,
                              .scope = peer,
                              .lowId = {},
                              .highId = whole.front().lowId,
                              .lowPlace = whole.front().lowPlace,
                              .highPlace = whole.front().lowPlace,
                              .fromBeginning = false}
                       : own.front();
    const auto places = placesBelow(items, span.lowPlace);
    for (std::size_t i = items.size(); i-- > 0;) {
        collect(stored,
                take(store, items[i], now, {.after = 0, .before = span.lowPlace, .exact = places[i], .old = true}));
    }
    if (!items.empty()) {
        span.lowId = items.front().archiveId;
        span.lowPlace = places.front();
    }
    span.fromBeginning = complete;
    if (begins) {
        store.spans.add(span);
    } else {
        store.spans.update(span);
        noteSpans(store);
    }
    return stored;
}

Stored storePart(Store &store, const std::vector<Incoming> &items, Time now)
{
    Stored stored;
    const std::vector<Span> spans = store.spans.all({});
    Laying laying(store, spans.empty() ? 0 : spans.front().highPlace, spans.size() > 1 ? spans[1].lowPlace : 0);
    for (const Incoming &item : items) {
        Taken taken = take(store, item, now, laying.next(item.peer));
        laying.laid(item.peer, taken.place);
        collect(stored, std::move(taken));
    }
    return stored;
}

Stored storeOlderPart(Store &store, const std::vector<Incoming> &items, Time now)
{
    Stored stored;
    const auto places = placesBelow(items, std::numeric_limits<Place>::max());
    for (std::size_t i = items.size(); i-- > 0;) {
        collect(stored, take(store, items[i], now, {.after = 0, .before = 0, .exact = places[i], .old = true}));
    }
    return stored;
}

OlderFrom olderFrom(Store &store, const QString &peer)
{
    const std::vector<Span> whole = store.spans.all({});
    if (whole.empty()) {
        return {};
    }
    const std::vector<Span> own = store.spans.all(peer);
    if (whole.front().fromBeginning || (!own.empty() && own.front().fromBeginning)) {
        return {.known = false, .atBeginning = true, .beforeId = {}, .end = 0};
    }
    if (!own.empty() && !own.front().lowId.isEmpty()) {
        return {.known = true, .atBeginning = false, .beforeId = own.front().lowId, .end = own.front().lowPlace};
    }
    return {.known = true, .atBeginning = false, .beforeId = {}, .end = whole.front().lowPlace};
}

} // namespace godwit::history
