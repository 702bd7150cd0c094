// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade

// What can be done with one message.
PopupMenu {
    id: menu

    required property Conversation conversation
    property double key: 0
    property string message
    property int messageState: MessageListModel.State.Incoming
    readonly property bool failed: messageState === MessageListModel.State.Failed

    signal detailsWanted(double key)

    function openFor(row: MessageRow): void {
        key = row.key;
        message = row.body;
        messageState = row.messageState;
        popup();
    }

    PopupMenuItem {
        text: qsTr("Copy")
        onTriggered: Desktop.copy(menu.message)
    }

    PopupMenuItem {
        text: qsTr("Details")
        onTriggered: menu.detailsWanted(menu.key)
    }

    PopupMenuItem {
        text: qsTr("Try again")
        visible: menu.failed
        onTriggered: menu.conversation.retry(menu.key)
    }

    PopupMenuItem {
        text: qsTr("Delete from this device")
        danger: true
        visible: menu.failed || menu.messageState === MessageListModel.State.Queued
        onTriggered: menu.conversation.discard(menu.key)
    }
}
