// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// Asks before something that cannot be taken back.
Sheet {
    id: sheet

    required property string question
    required property string action

    signal confirmed

    onOpened: cancel.forceActiveFocus(Qt.TabFocusReason)

    buttons: [
        TextButton {
            id: cancel

            text: qsTr("Cancel")
            onClicked: sheet.close()
        },
        TextButton {
            text: sheet.action
            kind: TextButton.Danger
            onClicked: {
                sheet.close();
                sheet.confirmed();
            }
        }
    ]

    PlainText {
        width: parent.width
        text: sheet.question
        color: Theme.textMuted
        wrapMode: Text.Wrap
        lineHeight: Theme.textLineHeight
    }
}
