// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The types of `app` under the names by which QML knows them, so that app needs no QtQml and qmllint knows everything.
#pragma once

#include "account/AccountBook.h"

#include <QSortFilterProxyModel>
#include <QtQmlIntegration/qqmlintegration.h>

namespace godwit::facade
{

struct ForeignAccountBook {
    Q_GADGET
    QML_FOREIGN(godwit::account::AccountBook)
    QML_NAMED_ELEMENT(AccountBook)
    QML_UNCREATABLE("made by main")
};

struct ForeignAccount {
    Q_GADGET
    QML_FOREIGN(godwit::account::Account)
    QML_NAMED_ELEMENT(Account)
    QML_UNCREATABLE("made by AccountBook")
};

struct ForeignConversation {
    Q_GADGET
    QML_FOREIGN(godwit::account::Conversation)
    QML_NAMED_ELEMENT(Conversation)
    QML_UNCREATABLE("made by Account")
};

struct ForeignChatListModel {
    Q_GADGET
    QML_FOREIGN(godwit::models::ChatListModel)
    QML_NAMED_ELEMENT(ChatListModel)
    QML_UNCREATABLE("made by Account")
};

struct ForeignContactListModel {
    Q_GADGET
    QML_FOREIGN(godwit::models::ContactListModel)
    QML_NAMED_ELEMENT(ContactListModel)
    QML_UNCREATABLE("made by Account")
};

struct ForeignMessageListModel {
    Q_GADGET
    QML_FOREIGN(godwit::models::MessageListModel)
    QML_NAMED_ELEMENT(MessageListModel)
    QML_UNCREATABLE("made by Conversation")
};

// Bases of our own types.
struct ForeignAbstractProxyModel {
    Q_GADGET
    QML_FOREIGN(QAbstractProxyModel)
    QML_ANONYMOUS
};

struct ForeignSortFilterProxyModel {
    Q_GADGET
    QML_FOREIGN(QSortFilterProxyModel)
    QML_ANONYMOUS
};

} // namespace godwit::facade
