// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// Asks somebody to be a contact.
Sheet {
    id: sheet

    required property Account account
    property string asked
    property bool busy: false

    signal done(string address)

    function openFor(who: string): void {
        address.text = who;
        name.text = "";
        address.error = "";
        busy = false;
        open();
        (who === "" ? address : name).forceActiveFocus();
    }

    function submit(): void {
        address.error = "";
        busy = true;
        asked = address.text;
        account.addContact(address.text, name.text);
    }

    title: qsTr("Add contact")

    buttons: [
        TextButton {
            text: qsTr("Cancel")
            onClicked: sheet.close()
        },
        TextButton {
            text: sheet.busy ? qsTr("Adding…") : qsTr("Add")
            kind: TextButton.Primary
            enabled: !sheet.busy && address.text.trim() !== ""
            onClicked: sheet.submit()
        }
    ]

    PlainText {
        width: parent ? parent.width : implicitWidth
        text: qsTr("They are asked whether they want to be your contact. Then you see when each other is there.")
        color: Theme.textMuted
        font.pixelSize: Theme.textSecondary
        wrapMode: Text.Wrap
        lineHeight: Theme.textLineHeight
    }

    InputField {
        id: address

        width: parent ? parent.width : implicitWidth
        label: qsTr("Address")
        placeholder: qsTr("name@example.org")
        inputMethodHints: Qt.ImhEmailCharactersOnly | Qt.ImhNoAutoUppercase
        onAccepted: name.forceActiveFocus()
    }

    InputField {
        id: name

        width: parent ? parent.width : implicitWidth
        label: qsTr("Name, if you like")
        onAccepted: sheet.submit()
    }

    Connections {
        target: sheet.account
        enabled: sheet.busy

        function onContactDone(who: string): void {
            sheet.busy = false;
            sheet.close();
            sheet.done(who);
        }

        function onContactFailed(who: string, reason: string): void {
            sheet.busy = false;
            address.error = reason;
            address.forceActiveFocus();
        }
    }
}
