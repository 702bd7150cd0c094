// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// Where a row of a list will be.
Item {
    id: skeleton

    implicitHeight: Theme.chatRowHeight
    Accessible.ignored: true

    Rectangle {
        id: circle

        anchors.left: parent.left
        anchors.leftMargin: Theme.gap
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.avatar
        height: Theme.avatar
        radius: Theme.avatar / 2
        color: Theme.hover
    }

    Column {
        anchors.left: circle.right
        anchors.leftMargin: Theme.gap
        anchors.right: parent.right
        anchors.rightMargin: Theme.gapHuge
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.gapSmall

        Rectangle {
            width: parent.width * 0.4
            height: Theme.gap
            radius: Theme.radiusSmall
            color: Theme.hover
        }

        Rectangle {
            width: parent.width * 0.8
            height: Theme.gap
            radius: Theme.radiusSmall
            color: Theme.hover
        }
    }
}
