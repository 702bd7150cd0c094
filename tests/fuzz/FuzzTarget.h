// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "base/Assert.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

/// What a fuzz target implements; libFuzzer has named it. A broken property ends the process by GW_ASSERT.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace godwit::fuzz
{

inline std::string_view view(const std::uint8_t *data, std::size_t size)
{
    return std::string_view(reinterpret_cast<const char *>(data), size);
}

} // namespace godwit::fuzz
