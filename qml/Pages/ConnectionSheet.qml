// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// How the account is connected and what that costs.
Sheet {
    id: sheet

    required property Account account
    readonly property var facts: [
        {
            "what": qsTr("Connected by"),
            "value": account.wire !== "" ? account.wire : qsTr("Not connected")
        },
        {
            "what": qsTr("Sent"),
            "value": Words.size(account.bytesSent)
        },
        {
            "what": qsTr("Received"),
            "value": Words.size(account.bytesReceived)
        },
        {
            "what": qsTr("Saved"),
            "value": Words.share(account.bytesSaved, account.bytesSent + account.bytesReceived + account.bytesSaved)
        }
    ]

    title: qsTr("Connection")
    onAboutToShow: account.countTraffic()

    buttons: [
        TextButton {
            text: qsTr("Close")
            focus: true
            onClicked: sheet.close()
        }
    ]

    Timer {
        interval: Theme.everySecond
        repeat: true
        running: sheet.opened
        onTriggered: sheet.account.countTraffic()
    }

    Repeater {
        model: sheet.facts

        Item {
            id: fact

            required property var modelData

            width: parent ? parent.width : 0
            height: Math.max(what.implicitHeight, value.implicitHeight)
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("%1: %2").arg(what.text).arg(value.text)

            PlainText {
                id: what

                anchors.left: parent.left
                text: fact.modelData.what
                color: Theme.textMuted
            }

            PlainText {
                id: value

                anchors.left: what.right
                anchors.leftMargin: Theme.gap
                anchors.right: parent.right
                text: fact.modelData.value
                horizontalAlignment: Text.AlignRight
                wrapMode: Text.Wrap
                font.features: {
                    "tnum": 1
                }
            }
        }
    }

    PlainText {
        width: parent ? parent.width : implicitWidth
        text: sheet.account.connectionNotice
        color: Theme.warning
        font.pixelSize: Theme.textSecondary
        wrapMode: Text.Wrap
        visible: text !== ""
    }

    ToggleRow {
        width: parent ? parent.width : implicitWidth
        text: qsTr("Low bandwidth")
        detail: qsTr("Prefer the connection that needs the fewest bytes. On mobile and metered networks Godwit does so by itself.")
        checked: sheet.account.lowBandwidth
        onToggled: sheet.account.lowBandwidth = checked
    }
}
