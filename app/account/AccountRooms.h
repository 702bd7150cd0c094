// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What an Account is made of; private to this room. Members are destroyed in reverse: whoever uses a room goes first.
#pragma once

#include "account/Account.h"
#include "base/Clock.h"
#include "cache/Cache.h"
#include "contacts/Contacts.h"
#include "history/History.h"
#include "outbox/Outbox.h"
#include "platform/NetworkCost.h"
#include "session/XmppSession.h"

#include <QHash>
#include <QUuid>

#include <memory>

namespace godwit::account
{

struct Account::Rooms {
    base::SystemClock clock;
    platform::NetworkCost network;
    QUuid device;
    QString password; ///< of the last goOnline(), for reconnect()
    QString token;    ///< the newest, in place of the password while the server takes it
    std::unique_ptr<cache::Cache> cache;
    std::unique_ptr<session::Session> session;
    std::unique_ptr<contacts::Contacts> contacts;
    std::unique_ptr<history::History> history;
    std::unique_ptr<outbox::Outbox> outbox;
    std::unique_ptr<models::ChatListModel> chats;
    std::unique_ptr<models::ContactListModel> contactList;
    QHash<QString, Conversation *> conversations; ///< children of the Account
};

} // namespace godwit::account
