// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// A prepared address stays as it is when it is prepared again, taken apart and put together.

#include "FuzzTarget.h"

#include "base/Utf8.h"
#include "jid/Jid.h"

using godwit::jid::Jid;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto jid = Jid::parse(godwit::fuzz::view(data, size));
    if (!jid) {
        return 0;
    }
    GW_ASSERT(godwit::base::isValidUtf8(jid->text()));
    GW_ASSERT(!jid->domain().empty());
    GW_ASSERT(jid->local().size() <= godwit::jid::jidPartBytesMax);
    GW_ASSERT(jid->domain().size() <= godwit::jid::jidPartBytesMax);
    GW_ASSERT(jid->resource().size() <= godwit::jid::jidPartBytesMax);
    const auto again = Jid::parse(jid->text());
    GW_ASSERT(again && *again == *jid);
    const auto joined = Jid::fromParts(jid->local(), jid->domain(), jid->resource());
    GW_ASSERT(joined && *joined == *jid);
    const Jid stored = Jid::fromPrepared(jid->text());
    GW_ASSERT(stored.local() == jid->local() && stored.domain() == jid->domain());
    GW_ASSERT(stored.resource() == jid->resource() && stored.bareText() == jid->bareText());
    return 0;
}
