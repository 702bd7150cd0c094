// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// A button without words; `text` is what it is called.
T.AbstractButton {
    id: button

    required property string path
    property int badge: 0
    property bool turned: false
    property color tint: Theme.textMuted

    implicitWidth: Theme.controlHeight
    implicitHeight: Theme.controlHeight
    focusPolicy: Qt.TabFocus
    hoverEnabled: true
    opacity: enabled ? 1 : 0.4
    Accessible.role: Accessible.Button
    Accessible.name: text
    T.ToolTip.text: text
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            path: button.path
            color: button.pressed ? Theme.accent : button.tint
            transform: Scale {
                origin.x: Theme.iconSize / 2
                xScale: button.turned ? -1 : 1
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: button.hovered || button.pressed ? Theme.hover : "transparent"

        FocusRing {
            anchors.margins: 0
            visible: button.visualFocus
        }
    }

    Badge {
        anchors.right: parent.right
        anchors.top: parent.top
        count: button.badge
        visible: button.badge > 0
    }
}
