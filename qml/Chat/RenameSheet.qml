// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade

// A name of one's own for a contact.
Sheet {
    id: sheet

    required property Account account
    required property Conversation conversation

    function save(): void {
        account.renameContact(conversation.address, field.text);
        close();
    }

    title: qsTr("Rename contact")
    onAboutToShow: {
        field.text = sheet.conversation.name;
        field.forceActiveFocus();
        field.selectAll();
    }

    buttons: [
        TextButton {
            text: qsTr("Cancel")
            onClicked: sheet.close()
        },
        TextButton {
            text: qsTr("Save")
            kind: TextButton.Primary
            onClicked: sheet.save()
        }
    ]

    InputField {
        id: field

        width: parent ? parent.width : implicitWidth
        focus: true
        label: qsTr("Name")
        onAccepted: sheet.save()
    }
}
