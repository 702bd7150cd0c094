// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Above the first message that was not seen when the chat was opened.
Item {
    id: line

    implicitHeight: Theme.controlHeight
    Accessible.role: Accessible.StaticText
    Accessible.name: words.text

    Rectangle {
        anchors.left: parent.left
        anchors.right: words.left
        anchors.rightMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.hairline
        color: Theme.accent
    }

    PlainText {
        id: words

        anchors.centerIn: parent
        text: qsTr("Unread")
        color: Theme.accent
        font.pixelSize: Theme.textMeta
        font.weight: Font.DemiBold
    }

    Rectangle {
        anchors.left: words.right
        anchors.leftMargin: Theme.gapSmall
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        height: Theme.hairline
        color: Theme.accent
    }
}
