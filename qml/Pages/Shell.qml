// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import Godwit.Chat
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// A signed-in window: list, conversation, details, as many of them side by side as there is room for.
FocusScope {
    id: shell

    required property AccountBook book
    required property Account account
    property Conversation conversation: null
    property bool contactsOpen: false
    property bool detailsOpen: false
    property string openNotice
    readonly property bool wide: width >= Theme.twoColumnsFrom
    readonly property int listWidth: wide ? Appearance.listWidth : width
    readonly property bool listShown: wide || !conversation

    signal addAccountWanted

    function openChat(address: string): void {
        const next = account.conversation(address);
        if (next) {
            contactsOpen = false;
            show(next);
            (panes.itemAt(0) as ConversationPane)?.write();
        }
    }

    // Whoever is shown no more is let go.
    function show(next: Conversation): void {
        const before = conversation;
        conversation = next;
        if (before && next !== before) {
            before.setVisible(false);
            account.closeConversation(before.address);
        }
    }

    function closeChat(): void {
        detailsOpen = false;
        show(null);
        chats.forceActiveFocus();
    }

    function back(): void {
        if (detailsOpen) {
            detailsOpen = false;
        } else if (contactsOpen && listShown) {
            contactsOpen = false;
            chats.forceActiveFocus();
        } else if (conversation) {
            closeChat();
        }
    }

    function showContacts(): void {
        if (!wide && conversation) {
            closeChat();
        }
        contactsOpen = true;
        contacts.find();
    }

    function find(): void {
        if (!wide && conversation) {
            closeChat();
        }
        contactsOpen = false;
        chats.find();
    }

    ShellShortcuts {
        onFindWanted: shell.find()
        onNewChatWanted: shell.showContacts()
        onStepWanted: by => chats.step(by)
        onBackWanted: shell.back()
    }

    ChatsPage {
        id: chats

        anchors.left: parent.left
        width: shell.listWidth
        height: parent.height
        focus: true
        visible: !shell.contactsOpen && shell.listShown
        book: shell.book
        account: shell.account
        openAddress: shell.conversation ? shell.conversation.address : ""
        openNotice: shell.openNotice
        connectionShown: !shell.wide || !shell.conversation
        onOpened: address => shell.openChat(address)
        onContactsWanted: shell.showContacts()
        onNewChatWanted: shell.showContacts()
        onAddAccountWanted: shell.addAccountWanted()
        onConnectionWanted: questions.showConnection()
        onPasswordWanted: questions.askPassword()
        onSignOutWanted: questions.signOut()
    }

    ContactsPage {
        id: contacts

        anchors.left: parent.left
        width: shell.listWidth
        height: parent.height
        visible: shell.contactsOpen && shell.listShown
        account: shell.account
        onBackWanted: shell.back()
        onOpened: address => shell.openChat(address)
        onAddWanted: address => questions.addContact(address)
    }

    Rectangle {
        anchors.left: chats.right
        anchors.right: parent.right
        height: parent.height
        color: Theme.surfaceSunken
        visible: shell.wide && !shell.conversation

        EmptyState {
            anchors.fill: parent
            sentence: qsTr("Choose a chat to read and write.")
            action: qsTr("Start a chat")
            onTriggered: shell.showContacts()
        }
    }

    // One pane a conversation, made anew for the next one.
    Repeater {
        id: panes

        model: shell.conversation ? [shell.conversation] : []

        delegate: ConversationPane {
            required property Conversation modelData

            anchors.right: details.left
            width: parent.width - details.width - (shell.wide ? shell.listWidth : 0)
            height: parent.height
            account: shell.account
            conversation: modelData
            backShown: !shell.wide
            onBackWanted: shell.closeChat()
            onDetailsWanted: shell.detailsOpen = !shell.detailsOpen
            onAddWanted: questions.addContact(modelData.address)
            onDeleteWanted: questions.deleteChat()
            onPasswordWanted: questions.askPassword()
        }
    }

    DetailsHost {
        id: details

        anchors.right: parent.right
        height: parent.height
        conversation: shell.conversation
        open: shell.detailsOpen
        roomBeside: shell.width >= Theme.threeColumnsFrom
        onCloseWanted: shell.detailsOpen = false
        onAddWanted: questions.addContact(shell.conversation.address)
        onRenameWanted: questions.renameContact()
        onRemoveWanted: questions.removeContact()
        onDeleteWanted: questions.deleteChat()
    }

    WidthHandle {
        x: Application.layoutDirection === Qt.RightToLeft ? parent.width - shell.listWidth - width / 2 : shell.listWidth - width / 2
        height: parent.height
        visible: shell.wide
    }

    BackSwipe {
        height: parent.height
        enabled: !shell.wide && shell.conversation !== null
        onTriggered: shell.closeChat()
    }

    Questions {
        id: questions

        book: shell.book
        account: shell.account
        conversation: shell.conversation
        onContactAdded: address => shell.openChat(address)
        onChatDeleted: address => {
            shell.closeChat();
            shell.account.removeChat(address);
        }
    }
}
