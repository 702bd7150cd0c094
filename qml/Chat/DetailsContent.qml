// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// About the person at the other end, and what can be done about them.
FocusScope {
    id: details

    required property Conversation conversation

    signal addWanted
    signal renameWanted
    signal removeWanted
    signal deleteWanted

    implicitHeight: column.implicitHeight

    Column {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.gapTiny

        Avatar {
            anchors.horizontalCenter: parent.horizontalCenter
            size: Theme.avatarLarge
            address: details.conversation.address
            name: details.conversation.name
        }

        Item {
            width: 1
            height: Theme.gapSmall
        }

        PlainText {
            width: parent.width
            text: details.conversation.name
            font.pixelSize: Theme.textTitle
            font.weight: Font.DemiBold
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
            Accessible.role: Accessible.Heading
            Accessible.name: text
        }

        PlainText {
            width: parent.width
            text: details.conversation.address
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            elide: Text.ElideMiddle
            horizontalAlignment: Text.AlignHCenter
            visible: text !== details.conversation.name
        }

        PlainText {
            width: parent.width
            text: details.conversation.presenceText
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
        }

        Item {
            width: 1
            height: Theme.gapLarge
        }

        TextButton {
            width: parent.width
            text: qsTr("Copy address")
            onClicked: Desktop.copy(details.conversation.address)
        }

        TextButton {
            width: parent.width
            text: qsTr("Add contact")
            visible: !details.conversation.contact
            onClicked: details.addWanted()
        }

        TextButton {
            width: parent.width
            text: qsTr("Rename contact")
            visible: details.conversation.contact
            onClicked: details.renameWanted()
        }

        TextButton {
            width: parent.width
            text: qsTr("Remove contact")
            visible: details.conversation.contact
            onClicked: details.removeWanted()
        }

        TextButton {
            width: parent.width
            text: qsTr("Delete chat")
            onClicked: details.deleteWanted()
        }
    }
}
