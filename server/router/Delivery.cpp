// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

#include "router/Delivery.h"

namespace godwit::router
{

namespace
{

using xml::StanzaType;

bool isSubscription(StanzaType type)
{
    return type == StanzaType::Subscribe || type == StanzaType::Subscribed || type == StanzaType::Unsubscribe ||
           type == StanzaType::Unsubscribed || type == StanzaType::Probe;
}

DeliveryAction decideMessage(StanzaType type, AddressState state, MessageWeight weight)
{
    if (state == AddressState::FullMatch) {
        return DeliveryAction::Deliver;
    }
    const bool somebody = state == AddressState::BareSomebody || state == AddressState::FullGoneSomebody;
    switch (type) {
    case StanzaType::Error:
        return DeliveryAction::Drop;
    case StanzaType::Groupchat:
        return DeliveryAction::Unavailable;
    case StanzaType::Headline:
        return state == AddressState::BareSomebody ? DeliveryAction::DeliverToAll : DeliveryAction::Drop;
    default:
        break;
    }
    if (somebody) {
        return DeliveryAction::DeliverToAll;
    }
    // A chat state for nobody is no failure that a sender should hear of.
    return weight == MessageWeight::Words ? DeliveryAction::Unavailable : DeliveryAction::Drop;
}

DeliveryAction decidePresence(StanzaType type, AddressState state)
{
    if (state == AddressState::NoSuchUser) {
        return DeliveryAction::Drop;
    }
    if (isSubscription(type)) {
        return DeliveryAction::Handle;
    }
    if (state == AddressState::FullMatch) {
        return DeliveryAction::Deliver;
    }
    const bool bare = state == AddressState::BareNobody || state == AddressState::BareSomebody;
    return bare ? DeliveryAction::Handle : DeliveryAction::Drop;
}

DeliveryAction decideIq(StanzaType type, AddressState state)
{
    const bool request = type == StanzaType::Get || type == StanzaType::Set;
    if (state == AddressState::FullMatch) {
        return DeliveryAction::Deliver;
    }
    if (!request) {
        return DeliveryAction::Drop;
    }
    const bool bare = state == AddressState::BareNobody || state == AddressState::BareSomebody;
    return bare ? DeliveryAction::Handle : DeliveryAction::Unavailable;
}

} // namespace

DeliveryAction decideDelivery(xml::StanzaKind kind, xml::StanzaType type, AddressState state, MessageWeight weight)
{
    switch (kind) {
    case xml::StanzaKind::Message:
        return decideMessage(type, state, weight);
    case xml::StanzaKind::Presence:
        return decidePresence(type, state);
    case xml::StanzaKind::Iq:
        return decideIq(type, state);
    }
    return DeliveryAction::Drop;
}

} // namespace godwit::router
