// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// One contact, or one person who asks to be a contact.
T.ItemDelegate {
    id: row

    required property int index
    required property string address
    required property string name
    required property int kind
    required property int relation
    required property bool available
    required property string presenceText
    readonly property bool asking: kind === ContactListModel.Kind.Request
    readonly property string secondLine: {
        if (asking) {
            return name === address ? presenceText : qsTr("%1, %2").arg(address).arg(presenceText);
        }
        return relation === ContactListModel.Relation.WeAsk ? qsTr("Has not answered your request yet") : presenceText;
    }

    signal accepted
    signal denied

    width: ListView.view ? ListView.view.width : implicitWidth
    height: Theme.chatRowHeight
    hoverEnabled: true
    focusPolicy: Qt.NoFocus
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, secondLine].join(", ")

    background: Rectangle {
        color: row.hovered ? Theme.hover : Theme.surface

        FocusRing {
            anchors.margins: 1
            visible: row.ListView.isCurrentItem && row.ListView.view.activeFocus && Desktop.keyboard
        }
    }
    contentItem: Item {
        Avatar {
            id: avatar

            anchors.left: parent.left
            anchors.leftMargin: Theme.gap
            anchors.verticalCenter: parent.verticalCenter
            address: row.address
            name: row.name
            available: row.available
            ground: row.hovered ? Theme.hover : Theme.surface
        }

        PlainText {
            id: title

            anchors.left: avatar.right
            anchors.leftMargin: Theme.gap
            anchors.right: answers.left
            anchors.bottom: parent.verticalCenter
            anchors.bottomMargin: 1
            text: row.name
            font.weight: Font.Medium
            elide: Text.ElideRight
        }

        PlainText {
            anchors.left: title.left
            anchors.right: answers.left
            anchors.top: parent.verticalCenter
            anchors.topMargin: Theme.gapTiny
            text: row.secondLine
            color: row.asking ? Theme.accent : Theme.textMuted
            font.pixelSize: Theme.textSecondary
            elide: Text.ElideRight
        }

        Row {
            id: answers

            anchors.right: parent.right
            anchors.rightMargin: Theme.gapSmall
            anchors.verticalCenter: parent.verticalCenter

            IconButton {
                path: Icons.accepted
                tint: Theme.accent
                text: qsTr("Accept %1").arg(row.name)
                visible: row.asking
                onClicked: row.accepted()
            }

            IconButton {
                path: Icons.close
                text: qsTr("Decline %1").arg(row.name)
                visible: row.asking
                onClicked: row.denied()
            }
        }
    }
}
