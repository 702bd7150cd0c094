// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Why a message was not sent, and what can be done.
Column {
    id: line

    required property string reason

    signal retryWanted
    signal deleteWanted

    topPadding: Theme.gapTiny

    PlainText {
        width: parent.width
        text: line.reason !== "" ? qsTr("Not sent. %1").arg(line.reason) : qsTr("Not sent.")
        color: Theme.danger
        font.pixelSize: Theme.textSecondary
        wrapMode: Text.Wrap
        horizontalAlignment: Text.AlignRight
    }

    Row {
        anchors.right: parent.right

        TextButton {
            height: Theme.lineHeight
            leftPadding: Theme.gapSmall
            rightPadding: Theme.gapSmall
            text: qsTr("Try again")
            onClicked: line.retryWanted()
        }

        TextButton {
            height: Theme.lineHeight
            leftPadding: Theme.gapSmall
            rightPadding: 0
            text: qsTr("Delete")
            onClicked: line.deleteWanted()
        }
    }
}
