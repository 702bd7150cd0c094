// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// Who is at the other end, and the way back where there is one column.
Rectangle {
    id: header

    required property Conversation conversation
    property bool backShown: false

    signal backWanted
    signal detailsWanted

    implicitHeight: Theme.headerHeight
    color: Theme.surface

    IconButton {
        id: back

        anchors.left: parent.left
        anchors.leftMargin: Theme.gapTiny
        anchors.verticalCenter: parent.verticalCenter
        path: Icons.back
        turned: Application.layoutDirection === Qt.RightToLeft
        text: qsTr("Back to chats")
        visible: header.backShown
        onClicked: header.backWanted()
    }

    T.AbstractButton {
        id: person

        anchors.left: back.visible ? back.right : parent.left
        anchors.leftMargin: back.visible ? Theme.gapTiny : Theme.gapLarge
        anchors.right: info.left
        anchors.rightMargin: Theme.gapSmall
        height: parent.height
        focusPolicy: Qt.NoFocus
        text: header.conversation.name
        Accessible.role: Accessible.Heading
        Accessible.name: [header.conversation.name, words.text].join(", ")
        onClicked: header.detailsWanted()

        contentItem: Item {
            Avatar {
                id: avatar

                anchors.verticalCenter: parent.verticalCenter
                anchors.left: parent.left
                size: Theme.avatarSmall
                address: header.conversation.address
                name: header.conversation.name
            }

            PlainText {
                id: name

                anchors.left: avatar.right
                anchors.leftMargin: Theme.gap
                anchors.right: parent.right
                y: words.text !== "" ? parent.height / 2 - height : (parent.height - height) / 2
                text: header.conversation.name
                font.weight: Font.DemiBold
                elide: Text.ElideRight
            }

            PlainText {
                id: words

                anchors.left: name.left
                anchors.right: parent.right
                anchors.top: parent.verticalCenter
                text: header.conversation.typing ? qsTr("typing…") : header.conversation.presenceText
                color: header.conversation.typing ? Theme.accent : Theme.textMuted
                font.pixelSize: Theme.textSecondary
                elide: Text.ElideRight
            }
        }
    }

    IconButton {
        id: info

        anchors.right: parent.right
        anchors.rightMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        path: Icons.info
        text: qsTr("About %1").arg(header.conversation.name)
        onClicked: header.detailsWanted()
    }

    Rectangle {
        anchors.bottom: parent.bottom
        width: parent.width
        height: Theme.hairline
        color: Theme.line
    }
}
