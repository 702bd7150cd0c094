// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "ring/SlotHash.h"

#include "base/Assert.h"
#include "base/SipHash.h"

namespace godwit::ring
{

std::uint32_t slotOf(std::string_view bareJid, std::uint32_t slotCount)
{
    GW_ASSERT(slotCount > 0);
    base::SipHash128 hash{base::SipKey{}};
    hash.update(bareJid);
    return static_cast<std::uint32_t>(hash.finish().low % slotCount);
}

} // namespace godwit::ring
