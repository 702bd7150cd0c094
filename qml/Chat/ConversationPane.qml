// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Facade
import Godwit.Theme

// One open conversation: header, what is wrong, messages, composer.
FocusScope {
    id: pane

    required property Account account
    required property Conversation conversation
    property bool backShown: false

    signal backWanted
    signal detailsWanted
    signal addWanted
    signal deleteWanted
    signal passwordWanted

    function write(): void {
        composer.forceActiveFocus();
    }

    Component.onCompleted: conversation.setVisible(true)

    Rectangle {
        anchors.fill: parent
        color: Theme.surfaceSunken
    }

    ConversationHeader {
        id: header

        z: 1
        width: parent.width
        conversation: pane.conversation
        backShown: pane.backShown
        onBackWanted: pane.backWanted()
        onDetailsWanted: pane.detailsWanted()
    }

    Column {
        id: bars

        z: 1
        anchors.top: header.bottom
        width: parent.width

        ConnectionLine {
            width: parent.width
            account: pane.account
            onPasswordWanted: pane.passwordWanted()
        }

        StrangerBar {
            width: parent.width
            conversation: pane.conversation
            onAddWanted: pane.addWanted()
            onDeleteWanted: pane.deleteWanted()
        }
    }

    MessageList {
        id: messages

        anchors.top: bars.bottom
        anchors.bottom: trouble.top
        width: parent.width
        clip: true
        conversation: pane.conversation
        onDetailsWanted: key => timeline.openFor(key)
    }

    NoticeLine {
        id: trouble

        anchors.bottom: composer.top
        width: parent.width
        notice: ""
        alarming: true
    }

    Composer {
        id: composer

        z: 1
        anchors.bottom: parent.bottom
        width: parent.width
        focus: true
        conversation: pane.conversation
        onSent: {
            trouble.notice = "";
            messages.toNewest();
        }
    }

    TimelineSheet {
        id: timeline

        conversation: pane.conversation
    }

    Connections {
        target: pane.conversation

        function onSendFailed(reason: string): void {
            trouble.show();
            trouble.notice = reason;
        }
    }
}
