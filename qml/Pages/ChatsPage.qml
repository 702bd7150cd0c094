// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Chat
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The list column: account, contacts, new chat, search, chats.
FocusScope {
    id: page

    required property AccountBook book
    required property Account account
    property string openAddress
    property bool connectionShown: true
    property string openNotice

    signal opened(string address)
    signal contactsWanted
    signal newChatWanted
    signal addAccountWanted
    signal connectionWanted
    signal passwordWanted
    signal signOutWanted

    function find(): void {
        search.forceActiveFocus();
        search.selectAll();
    }

    function step(by: int): void {
        chats.step(by);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Chats")

        IconButton {
            path: Icons.contacts
            text: page.account.contacts.requests > 0 ? qsTr("Contacts, %n request(s)", "", page.account.contacts.requests) : qsTr("Contacts")
            badge: page.account.contacts.requests
            onClicked: page.contactsWanted()
        }

        IconButton {
            path: Icons.compose
            text: qsTr("New chat")
            onClicked: page.newChatWanted()
        }

        IconButton {
            id: menuButton

            path: Icons.more
            text: qsTr("Account and settings")
            onClicked: menu.popup(menuButton, 0, menuButton.height)
        }
    }

    Column {
        id: bars

        anchors.top: header.bottom
        width: parent.width

        ConnectionLine {
            width: parent.width
            account: page.account
            wanted: page.connectionShown
            onPasswordWanted: page.passwordWanted()
        }

        NoticeLine {
            width: parent.width
            notice: page.account.notice
        }

        NoticeLine {
            width: parent.width
            notice: page.openNotice
            alarming: true
        }
    }

    SearchField {
        id: search

        anchors.top: bars.bottom
        anchors.topMargin: bars.height > 0 ? Theme.gapSmall : 0
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        label: qsTr("Find a chat")
        onListWanted: chats.forceActiveFocus()
        onAccepted: chats.openFirst()
    }

    ChatList {
        id: chats

        anchors.top: search.bottom
        anchors.topMargin: Theme.gapSmall
        anchors.bottom: parent.bottom
        width: parent.width
        focus: true
        account: page.account
        openAddress: page.openAddress
        search: search.text
        onOpened: address => page.opened(address)
        onNewChatWanted: page.newChatWanted()
    }

    AccountMenu {
        id: menu

        book: page.book
        account: page.account
        onAddAccountWanted: page.addAccountWanted()
        onConnectionWanted: page.connectionWanted()
        onPasswordWanted: page.passwordWanted()
        onSignOutWanted: page.signOutWanted()
    }
}
