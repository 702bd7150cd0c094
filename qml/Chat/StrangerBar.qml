// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// Somebody unknown wrote: nobody learns that it was read before the person decides.
Rectangle {
    id: bar

    required property Conversation conversation

    signal addWanted
    signal deleteWanted

    height: visible ? column.implicitHeight + 2 * Theme.gapSmall : 0
    visible: conversation.stranger && conversation.messages.count > 0
    color: Theme.surfaceRaised
    Accessible.role: Accessible.Grouping
    Accessible.name: words.text

    Flow {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gapLarge
        anchors.rightMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gapSmall

        PlainText {
            id: words

            width: Math.min(implicitWidth, column.width)
            height: Math.max(Theme.menuRowHeight, implicitHeight)
            text: qsTr("%1 is not a contact and does not see that you read this.").arg(bar.conversation.name)
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            wrapMode: Text.Wrap
        }

        TextButton {
            height: Theme.menuRowHeight
            text: qsTr("Add contact")
            onClicked: bar.addWanted()
        }

        TextButton {
            height: Theme.menuRowHeight
            text: qsTr("Delete chat")
            onClicked: bar.deleteWanted()
        }
    }

    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
}
