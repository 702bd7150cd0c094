// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// One chat in the list: who, when, what was said last, how many wait.
T.ItemDelegate {
    id: row

    required property int index
    required property string address
    required property string name
    required property string preview
    required property bool previewOwn
    required property int previewState
    required property date time
    required property int unread
    required property bool typing
    required property bool available
    required property string draft
    required property bool failed
    property bool selected: false
    readonly property string clock: Words.listTime(time)
    readonly property bool drafting: draft !== "" && !selected
    readonly property string secondLine: {
        if (typing) {
            return qsTr("typing…");
        }
        return drafting ? qsTr("Draft: %1").arg(draft) : preview;
    }

    function spoken(): string {
        const parts = [name, secondLine, clock];
        if (unread > 0) {
            parts.push(qsTr("%n unread", "", unread));
        }
        if (failed) {
            parts.push(qsTr("A message was not sent"));
        } else if (previewOwn) {
            parts.push(Words.state(previewState));
        }
        return parts.filter(part => part !== "").join(", ");
    }

    width: ListView.view ? ListView.view.width : implicitWidth
    height: Theme.chatRowHeight
    hoverEnabled: true
    focusPolicy: Qt.NoFocus
    Accessible.role: Accessible.ListItem
    Accessible.name: spoken()
    Accessible.selected: selected

    background: Rectangle {
        color: row.selected ? Theme.selected : row.hovered ? Theme.hover : Theme.surface

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
            ground: row.selected ? Theme.selected : row.hovered ? Theme.hover : Theme.surface
        }

        PlainText {
            id: title

            anchors.left: avatar.right
            anchors.leftMargin: Theme.gap
            anchors.right: timeText.left
            anchors.rightMargin: Theme.gapSmall
            anchors.bottom: parent.verticalCenter
            anchors.bottomMargin: 1
            text: row.name
            font.weight: row.unread > 0 ? Font.DemiBold : Font.Medium
            elide: Text.ElideRight
        }

        PlainText {
            id: timeText

            anchors.right: parent.right
            anchors.rightMargin: Theme.gap
            anchors.baseline: title.baseline
            text: row.clock
            color: row.unread > 0 ? Theme.accent : Theme.textMuted
            font.pixelSize: Theme.textMeta
            font.features: {
                "tnum": 1
            }
        }

        PlainText {
            id: second

            anchors.left: title.left
            anchors.right: marks.left
            anchors.rightMargin: Theme.gapSmall
            anchors.top: parent.verticalCenter
            anchors.topMargin: Theme.gapTiny
            text: row.secondLine
            color: row.typing ? Theme.accent : row.drafting ? Theme.warning : Theme.textMuted
            font.pixelSize: Theme.textSecondary
            elide: Text.ElideRight
        }

        Item {
            id: marks

            anchors.right: parent.right
            anchors.rightMargin: Theme.gap
            anchors.verticalCenter: second.verticalCenter
            width: row.unread > 0 ? badge.implicitWidth : mark.visible ? mark.width : 0
            height: Theme.badge

            Badge {
                id: badge

                count: row.unread
                visible: row.unread > 0
            }

            StateIcon {
                id: mark

                anchors.verticalCenter: parent.verticalCenter
                messageState: row.failed ? MessageListModel.State.Failed : row.previewState
                visible: path !== "" && row.unread === 0 && (row.previewOwn || row.failed)
            }
        }
    }
}
