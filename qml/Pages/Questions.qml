// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Chat
import Godwit.Controls
import Godwit.Facade

// The sheets that a signed-in window may show.
Item {
    id: questions

    required property AccountBook book
    required property Account account
    property Conversation conversation
    property int unsent: 0

    signal contactAdded(string address)
    signal chatDeleted(string address)

    function addContact(address: string): void {
        add.openFor(address);
    }

    function renameContact(): void {
        rename.open();
    }

    function removeContact(): void {
        removal.open();
    }

    function deleteChat(): void {
        deletion.open();
    }

    function askPassword(): void {
        password.open();
    }

    function showConnection(): void {
        connection.open();
    }

    function signOut(): void {
        unsent = book.unsent(account.address);
        leaving.open();
    }

    AddContactSheet {
        id: add

        account: questions.account
        onDone: address => questions.contactAdded(address)
    }

    PasswordSheet {
        id: password

        book: questions.book
        account: questions.account
    }

    ConnectionSheet {
        id: connection

        account: questions.account
    }

    RenameSheet {
        id: rename

        account: questions.account
        conversation: questions.conversation
    }

    ConfirmSheet {
        id: removal

        readonly property string who: questions.conversation ? questions.conversation.name : ""

        title: qsTr("Remove contact?")
        question: qsTr("You and %1 will no longer see when the other is there. The chat stays.").arg(who)
        action: qsTr("Remove")
        onConfirmed: questions.account.removeContact(questions.conversation.address)
    }

    ConfirmSheet {
        id: deletion

        readonly property string who: questions.conversation ? questions.conversation.name : ""

        title: qsTr("Delete chat?")
        question: qsTr("The messages with %1 are deleted from this device. The archive on the server stays.").arg(who)
        action: qsTr("Delete")
        onConfirmed: questions.chatDeleted(questions.conversation.address)
    }

    ConfirmSheet {
        id: leaving

        readonly property string unsentWords: questions.unsent > 0 ? qsTr("%n message(s) were not sent yet and will be lost.", "", questions.unsent) : ""

        title: qsTr("Sign out?")
        question: [unsentWords, qsTr("The messages and the password of %1 are deleted from this device. The archive on the server stays.").arg(questions.account.address)].join(" ").trim()
        action: qsTr("Sign out")
        onConfirmed: questions.book.remove(questions.account.address)
    }
}
