// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#pragma once

#include "bosh/Body.h"

#include <string>

namespace godwit::bosh
{

/// Protects a session that goes over several connections without TLS (XEP-0124 §15): each request shows what the hash
/// of the one before it was made of, which only the client that began the sequence knows.
class KeySequence
{
public:
    /// The request that creates the session.
    void begin(const Body &body);
    /// Every request of the session has a key.
    bool used() const noexcept { return !m_last.empty(); }
    /// False when the request is not from that client. Requests in the order of their rids.
    bool accepts(const Body &body);

private:
    std::string m_last; ///< in small letters; empty: no keys are used
};

} // namespace godwit::bosh
