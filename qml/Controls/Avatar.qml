// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Facade
import Godwit.Theme

// Stands for a person: letters on the colour of the address, and a dot while the person is there.
Rectangle {
    id: avatar

    required property string address
    required property string name
    property real size: Theme.avatar
    property bool available: false
    property color ground: Theme.surface

    implicitWidth: size
    implicitHeight: size
    radius: size / 2
    color: Tones.avatar(address, Theme.dark)
    Accessible.ignored: true

    PlainText {
        anchors.centerIn: parent
        text: Tones.initials(avatar.name)
        color: Tones.avatarText(Theme.dark)
        font.pixelSize: Math.max(Theme.textMeta, avatar.size * 0.38)
        font.weight: Font.DemiBold
    }

    Rectangle {
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        width: Theme.presenceDot
        height: Theme.presenceDot
        radius: Theme.presenceDot / 2
        color: Theme.success
        border.width: Theme.focusLine
        border.color: avatar.ground
        visible: avatar.available
    }
}
