// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Title of a page of the list column, with room for actions at its end.
Rectangle {
    id: header

    required property string title
    property bool backShown: false
    default property alias actions: row.data

    signal backWanted

    implicitHeight: Theme.headerHeight
    color: Theme.surface

    IconButton {
        id: back

        anchors.left: parent.left
        anchors.leftMargin: Theme.gapTiny
        anchors.verticalCenter: parent.verticalCenter
        path: Icons.back
        turned: Application.layoutDirection === Qt.RightToLeft
        text: qsTr("Back")
        visible: header.backShown
        onClicked: header.backWanted()
    }

    PlainText {
        anchors.left: back.visible ? back.right : parent.left
        anchors.leftMargin: back.visible ? Theme.gapTiny : Theme.gapLarge
        anchors.right: row.left
        anchors.rightMargin: Theme.gapSmall
        anchors.verticalCenter: parent.verticalCenter
        text: header.title
        font.pixelSize: Theme.textTitle
        font.weight: Font.DemiBold
        elide: Text.ElideRight
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }

    Row {
        id: row

        anchors.right: parent.right
        anchors.rightMargin: Theme.gapTiny
        anchors.verticalCenter: parent.verticalCenter
    }
}
