// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// What is wrong with the connection, once it has been wrong for a while, and what can be done.
Rectangle {
    id: line

    required property Account account
    readonly property string notice: account.connectionNotice
    property bool lasting: false
    property bool wanted: true
    readonly property bool refused: account.connection === Account.Connection.Refused

    signal passwordWanted

    implicitHeight: lasting && notice !== "" ? Math.max(Theme.lineHeight, words.implicitHeight + Theme.gapSmall) : 0
    height: wanted ? implicitHeight : 0
    visible: height > 0
    clip: true
    color: Theme.warningSurface
    Accessible.role: Accessible.AlertMessage
    Accessible.name: notice

    Behavior on implicitHeight {
        NumberAnimation {
            duration: Theme.movement
            easing.type: Easing.OutCubic
        }
    }

    Timer {
        interval: Theme.patience
        running: line.notice !== "" && !line.lasting
        onTriggered: line.lasting = true
    }

    Connections {
        target: line.account

        function onConnectionChanged(): void {
            if (line.account.connectionNotice === "") {
                line.lasting = false;
            }
        }
    }

    PlainText {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: Theme.gapLarge
        anchors.right: action.left
        anchors.verticalCenter: parent.verticalCenter
        text: line.notice
        color: Theme.warning
        font.pixelSize: Theme.textSecondary
        wrapMode: Text.Wrap
    }

    TextButton {
        id: action

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.lineHeight
        text: line.refused ? qsTr("Enter password") : qsTr("Try now")
        onClicked: line.refused ? line.passwordWanted() : line.account.reconnect()
    }
}
