// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "contacts/SubscriptionTable.h"

#include <array>

namespace godwit::contacts
{

namespace
{

using enum SubscriptionState;
using Row = std::array<Reaction, subscriptionStateCount>;

constexpr Reaction pass(SubscriptionState next)
{
    return {Passing::Pass, next};
}
constexpr Reaction stop(SubscriptionState next)
{
    return {Passing::Stop, next};
}

/// One row an event, one column a state: None, NoneOut, NoneIn, NoneOutIn, To, ToIn, From, FromOut, Both.
constexpr std::array<Row, subscriptionEventCount> table{{
    // §A.2.1
    {pass(NoneOut), pass(NoneOut), pass(NoneOutIn), pass(NoneOutIn), pass(To), pass(ToIn), pass(FromOut), pass(FromOut),
     pass(Both)},
    // §A.2.2
    {pass(None), pass(None), pass(NoneIn), pass(NoneIn), pass(None), pass(NoneIn), pass(From), pass(From), pass(From)},
    // §A.2.3
    {stop(None), stop(NoneOut), pass(From), pass(FromOut), stop(To), pass(Both), stop(From), stop(FromOut), stop(Both)},
    // §A.2.4
    {stop(None), stop(NoneOut), pass(None), pass(NoneOut), stop(To), pass(To), pass(None), pass(NoneOut), pass(To)},
    // §A.3.1
    {pass(NoneIn), pass(NoneOutIn), stop(NoneIn), stop(NoneOutIn), pass(ToIn), stop(ToIn), stop(From), stop(FromOut),
     stop(Both)},
    // §A.3.2
    {stop(None), stop(NoneOut), pass(None), pass(NoneOut), stop(To), pass(To), pass(None), pass(NoneOut), pass(To)},
    // §A.3.3
    {stop(None), pass(To), stop(NoneIn), pass(ToIn), stop(To), stop(ToIn), stop(From), pass(Both), stop(Both)},
    // §A.3.4
    {stop(None), pass(None), stop(NoneIn), pass(NoneIn), pass(None), pass(NoneIn), stop(From), pass(From), pass(From)},
}};

constexpr std::array<std::string_view, subscriptionStateCount> stateNames{
    "None",
    "None + Pending Out",
    "None + Pending In",
    "None + Pending Out+In",
    "To",
    "To + Pending In",
    "From",
    "From + Pending Out",
    "Both",
};

constexpr std::array<std::string_view, subscriptionEventCount> eventNames{
    "outbound subscribe", "outbound unsubscribe", "outbound subscribed", "outbound unsubscribed",
    "inbound subscribe",  "inbound unsubscribe",  "inbound subscribed",  "inbound unsubscribed",
};

} // namespace

Reaction react(SubscriptionState state, SubscriptionEvent event)
{
    return table[static_cast<std::size_t>(event)][static_cast<std::size_t>(state)];
}

std::string_view name(SubscriptionState state)
{
    return stateNames[static_cast<std::size_t>(state)];
}

std::string_view name(SubscriptionEvent event)
{
    return eventNames[static_cast<std::size_t>(event)];
}

SubscriptionState stateOf(const accounts::RosterItem &item)
{
    const bool in = !item.pendingIn.empty();
    switch (item.subscription) {
    case accounts::Subscription::None:
        if (item.ask) {
            return in ? NoneOutIn : NoneOut;
        }
        return in ? NoneIn : None;
    case accounts::Subscription::To:
        return in ? ToIn : To;
    case accounts::Subscription::From:
        return item.ask ? FromOut : From;
    case accounts::Subscription::Both:
        return Both;
    }
    return None;
}

void setState(accounts::RosterItem &item, SubscriptionState state)
{
    switch (state) {
    case None:
    case NoneOut:
    case NoneIn:
    case NoneOutIn:
        item.subscription = accounts::Subscription::None;
        break;
    case To:
    case ToIn:
        item.subscription = accounts::Subscription::To;
        break;
    case From:
    case FromOut:
        item.subscription = accounts::Subscription::From;
        break;
    case Both:
        item.subscription = accounts::Subscription::Both;
        break;
    }
    item.ask = state == NoneOut || state == NoneOutIn || state == FromOut;
    if (state != NoneIn && state != NoneOutIn && state != ToIn) {
        item.pendingIn.clear();
    }
}

} // namespace godwit::contacts
