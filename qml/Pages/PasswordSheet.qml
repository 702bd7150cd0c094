// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The server refused the password: asks for the right one.
Sheet {
    id: sheet

    required property AccountBook book
    required property Account account

    function submit(): void {
        if (field.text !== "") {
            book.changePassword(account.address, field.text);
            close();
        }
    }

    title: qsTr("Password for %1").arg(account.address)
    onAboutToShow: {
        field.text = "";
        field.forceActiveFocus();
    }

    buttons: [
        TextButton {
            text: qsTr("Cancel")
            onClicked: sheet.close()
        },
        TextButton {
            text: qsTr("Sign in")
            kind: TextButton.Primary
            enabled: field.text !== ""
            onClicked: sheet.submit()
        }
    ]

    PlainText {
        width: parent ? parent.width : implicitWidth
        text: sheet.account.connectionNotice
        color: Theme.textMuted
        wrapMode: Text.Wrap
        visible: text !== ""
    }

    PasswordField {
        id: field

        width: parent ? parent.width : implicitWidth
        focus: true
        label: qsTr("Password")
        onAccepted: sheet.submit()
    }
}
