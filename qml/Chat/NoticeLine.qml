// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Something worth knowing that can be put away.
Rectangle {
    id: line

    required property string notice
    property string dismissed
    property bool alarming: false

    function show(): void {
        dismissed = "";
    }

    height: visible ? words.implicitHeight + 2 * Theme.gapSmall : 0
    visible: notice !== "" && notice !== dismissed
    color: Theme.warningSurface
    Accessible.role: Accessible.AlertMessage
    Accessible.name: notice

    PlainText {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: Theme.gapLarge
        anchors.right: close.left
        anchors.verticalCenter: parent.verticalCenter
        text: line.notice
        color: line.alarming ? Theme.danger : Theme.warning
        font.pixelSize: Theme.textSecondary
        wrapMode: Text.Wrap
    }

    IconButton {
        id: close

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.lineHeight
        height: Theme.lineHeight
        path: Icons.close
        text: qsTr("Dismiss")
        onClicked: line.dismissed = line.notice
    }
}
