// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// One row of a conversation: a message or a hole, with the day and the unread line above it where they belong.
Item {
    id: row

    required property int index
    required property double key
    required property int kind
    required property bool own
    required property string body
    required property date time
    required property bool dayFirst
    required property int messageState
    required property string stateReason
    required property bool groupFirst
    required property bool groupLast
    required property bool unreadFirst
    required property bool gapFilling
    property string sender
    property bool current: false
    readonly property bool gap: kind === MessageListModel.Kind.Gap
    readonly property bool failed: messageState === MessageListModel.State.Failed
    readonly property string dayText: Words.day(time)
    readonly property real columnWidth: Math.min(width - 2 * Theme.gap, Theme.readingWidth)

    signal menuWanted
    signal retryWanted
    signal deleteWanted

    function spoken(): string {
        if (gap) {
            return hole.words;
        }
        const who = own ? qsTr("You") : sender;
        return [who, body, Words.clock(time), Words.state(messageState), stateReason].filter(part => part !== "").join(", ");
    }

    implicitHeight: column.implicitHeight
    Accessible.role: Accessible.ListItem
    Accessible.name: spoken()
    Accessible.selected: current

    Column {
        id: column

        anchors.horizontalCenter: parent.horizontalCenter
        width: row.columnWidth

        Item {
            width: parent.width
            height: Theme.controlHeight
            visible: row.dayFirst

            DayPill {
                anchors.centerIn: parent
                text: row.dayText
            }
        }

        UnreadLine {
            width: parent.width
            visible: row.unreadFirst
        }

        GapLine {
            id: hole

            width: parent.width
            filling: row.gapFilling
            visible: row.gap
        }

        Item {
            width: parent.width
            height: bubble.height + (row.groupFirst ? Theme.gap : 2)
            visible: !row.gap

            MessageBubble {
                id: bubble

                anchors.bottom: parent.bottom
                anchors.right: row.own ? parent.right : undefined
                anchors.left: row.own ? undefined : parent.left
                own: row.own
                message: row.body
                time: row.time
                messageState: row.messageState
                groupFirst: row.groupFirst
                groupLast: row.groupLast
                widthMax: Math.min(Theme.messageWidth, row.columnWidth - Theme.controlHeight)
                border.width: row.current ? Theme.focusLine : 0
                border.color: Theme.accent

                TapHandler {
                    acceptedButtons: Qt.RightButton
                    onTapped: row.menuWanted()
                }

                TapHandler {
                    acceptedDevices: PointerDevice.TouchScreen
                    onLongPressed: row.menuWanted()
                }
            }

            IconButton {
                anchors.verticalCenter: bubble.verticalCenter
                anchors.right: row.own ? bubble.left : undefined
                anchors.left: row.own ? undefined : bubble.right
                focusPolicy: Qt.NoFocus
                path: Icons.more
                text: qsTr("Actions for this message")
                opacity: hover.hovered || hovered ? 1 : 0
                onClicked: row.menuWanted()
            }

            HoverHandler {
                id: hover
            }
        }

        FailedLine {
            width: parent.width
            reason: row.stateReason
            visible: row.failed && !row.gap
            onRetryWanted: row.retryWanted()
            onDeleteWanted: row.deleteWanted()
        }
    }
}
