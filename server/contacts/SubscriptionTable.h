// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// RFC 6121 Appendix A as data: what each presence of a subscription does in each state.
#pragma once

#include "accounts/AccountStore.h"

#include <cstdint>
#include <string_view>

namespace godwit::contacts
{

/// RFC 6121 §A.1, in its order. `In` and `Out` are requests that wait for an answer.
enum class SubscriptionState : std::uint8_t {
    None,
    NoneOut,
    NoneIn,
    NoneOutIn,
    To,
    ToIn,
    From,
    FromOut,
    Both,
};
inline constexpr std::size_t subscriptionStateCount = 9;

/// The four presences of a subscription, sent by the account (Out) or to it (In).
enum class SubscriptionEvent : std::uint8_t {
    OutSubscribe,
    OutUnsubscribe,
    OutSubscribed,
    OutUnsubscribed,
    InSubscribe,
    InUnsubscribe,
    InSubscribed,
    InUnsubscribed,
};
inline constexpr std::size_t subscriptionEventCount = 8;

/// Whether the presence goes on: to the contact when it is sent, to the account's sessions when it comes in.
enum class Passing : std::uint8_t { Pass, Stop };

struct Reaction {
    Passing passing = Passing::Stop;
    SubscriptionState next = SubscriptionState::None;
};

/// The row of §A.2 or §A.3. Pre-approval (§3.4) and automatic answers are not part of the tables.
Reaction react(SubscriptionState state, SubscriptionEvent event);

std::string_view name(SubscriptionState state);
std::string_view name(SubscriptionEvent event);

/// The state an item is in.
SubscriptionState stateOf(const accounts::RosterItem &item);
/// Makes subscription and ask of the item say `state`. A request that no longer waits is forgotten; a state with `In`
/// expects the item to have its request.
void setState(accounts::RosterItem &item, SubscriptionState state);

} // namespace godwit::contacts
