// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace godwit::base
{

/// Immutable bytes with several owners: a stanza on its way is held by the store's batch, by the unfolded tail of the
/// log and by the shard that writes it to sessions, on three threads, and none of them may copy it for each session.
using SharedBytes = std::shared_ptr<const std::string>;

inline SharedBytes shareBytes(std::string bytes)
{
    return std::make_shared<const std::string>(std::move(bytes));
}

} // namespace godwit::base
