// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "cache/Gaps.h"

#include "cache/Store.h"

#include <algorithm>

namespace godwit::cache
{

std::vector<Gap> gapsBetween(std::vector<Span> spans)
{
    std::ranges::sort(spans, {}, &Span::lowPlace);
    std::vector<Gap> gaps;
    Place high = 0;
    bool first = true;
    for (const Span &span : spans) {
        if (!first && span.lowPlace > high) {
            gaps.push_back({.older = high, .newer = span.lowPlace});
        }
        high = first ? span.highPlace : std::max(high, span.highPlace);
        first = false;
    }
    return gaps;
}

std::vector<Gap> gapsOf(Store &store, const QString &peer)
{
    std::vector<Span> spans = store.spans.all({});
    for (Span &span : store.spans.all(peer)) {
        spans.push_back(std::move(span));
    }
    std::vector<Gap> gaps = gapsBetween(std::move(spans));
    std::erase_if(gaps, [&](const Gap &gap) {
        return store.messages.page(peer, gap.older + 1, 1).empty() ||
               store.messages.nextPlace(peer, gap.newer - 1) == 0;
    });
    return gaps;
}

} // namespace godwit::cache
