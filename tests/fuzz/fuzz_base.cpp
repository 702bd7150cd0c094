// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Base64, DateTime and UTF-8: what is accepted comes back the same.

#include "FuzzTarget.h"

#include "base/Base64.h"
#include "base/Clock.h"
#include "base/Utf8.h"

using namespace godwit::base;

int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text = godwit::fuzz::view(data, size);
    if (const auto bytes = decodeBase64(text)) {
        GW_ASSERT(encodeBase64(*bytes) == text);
    }
    if (const auto bytes = decodeBase64Url(text)) {
        GW_ASSERT(encodeBase64Url(*bytes) == text);
    }
    WallTime time;
    if (parseDateTime(text, time)) {
        WallTime again;
        const bool formatted = parseDateTime(formatDateTime(time), again);
        // An offset may carry the first and the last day out of the years that the format has.
        GW_ASSERT(!formatted || again == time);
    }
    if (isAscii(text)) {
        GW_ASSERT(isValidUtf8(text));
    }
    return 0;
}
