// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Invariants that hold in every build. A broken one ends the process: stopping is safer than a false ack.
#pragma once

namespace godwit::base
{

/// Prints where and what, then aborts. Thread-safe.
[[noreturn]] void assertionFailed(const char *expression, const char *file, int line) noexcept;

} // namespace godwit::base

/// For invariants of our own code only; input of a peer must never reach it.
#define GW_ASSERT(expression)                                                                                          \
    (static_cast<bool>(expression) ? static_cast<void>(0)                                                              \
                                   : ::godwit::base::assertionFailed(#expression, __FILE__, __LINE__))
