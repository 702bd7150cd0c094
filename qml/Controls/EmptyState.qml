// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// Nothing is here: one sentence, one action.
Item {
    id: empty

    required property string sentence
    property string action

    signal triggered

    implicitHeight: column.implicitHeight

    Column {
        id: column

        anchors.centerIn: parent
        width: Math.min(parent.width - 2 * Theme.gapHuge, Theme.formWidth)
        spacing: Theme.gapLarge

        PlainText {
            width: parent.width
            text: empty.sentence
            color: Theme.textMuted
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            lineHeight: Theme.textLineHeight
        }

        TextButton {
            anchors.horizontalCenter: parent.horizontalCenter
            text: empty.action
            visible: text !== ""
            onClicked: empty.triggered()
        }
    }
}
