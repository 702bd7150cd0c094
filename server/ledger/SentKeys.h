// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Once (DELIVERY.md rule 7): the keys of what an account sent lately, and those of messages that are on their way to
// the log. A resend that meets a message on its way joins its wait and is never answered as done.
#pragma once

#include "base/Ring.h"
#include "base/SipHash.h"
#include "ledger/LogStore.h"

#include <unordered_map>
#include <vector>

namespace godwit::ledger
{

/// Whom to tell that a message is accepted or refused: a session of the sender and the stanza's number on its stream.
struct Waiter {
    std::uint64_t session = 0;
    std::uint32_t number = 0;
    std::uint32_t bytes = 0; ///< of that very stanza: a resend may be shorter or longer than what it repeats
};

class SentKeys
{
public:
    explicit SentKeys(std::size_t keysMax)
        : m_keysMax(keysMax)
    {
    }

    enum class Verdict : std::uint8_t {
        New,      ///< never seen: begin() it
        OnItsWay, ///< not durable yet: join() it
        Done,     ///< durable: the resend is accepted at once
    };
    Verdict look(const base::Hash128 &key) const;

    void begin(const base::Hash128 &key);
    void join(const base::Hash128 &key, Waiter waiter);
    /// The message became durable. Returns those who joined.
    std::vector<Waiter> done(const base::Hash128 &key);
    /// The message was refused: the key is forgotten, so that another try is a new message. Returns those who joined.
    std::vector<Waiter> failed(const base::Hash128 &key);

    /// Puts the keys of earlier sessions in front, oldest first.
    void load(const std::vector<SentKey> &keys);
    bool onItsWay() const noexcept { return !m_onItsWay.empty(); }

private:
    void remember(const base::Hash128 &key);

    std::size_t m_keysMax;
    std::vector<base::Hash128> m_done; ///< a ring once it is full
    std::size_t m_next = 0;
    std::unordered_map<base::Hash128, std::vector<Waiter>> m_onItsWay;
};

} // namespace godwit::ledger
