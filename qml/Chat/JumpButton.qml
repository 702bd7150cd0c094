// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Back to the newest message; says how many wait there.
IconButton {
    id: jump

    required property int unread

    path: Icons.down
    text: unread > 0 ? qsTr("Newest message, %n unread", "", unread) : qsTr("Newest message")
    badge: unread

    background: Rectangle {
        radius: width / 2
        color: jump.hovered ? Theme.hover : Theme.surfaceRaised
        border.width: Theme.hairline
        border.color: Theme.line

        FocusRing {
            visible: jump.visualFocus
            radius: width / 2
        }
    }
}
