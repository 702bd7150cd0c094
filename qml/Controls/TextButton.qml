// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// A button with words. Primary is the one action that a page is about.
T.Button {
    id: button

    enum Kind {
        Plain,
        Primary,
        Danger
    }

    property int kind: TextButton.Plain
    readonly property bool filled: kind !== TextButton.Plain

    implicitWidth: Math.max(implicitContentWidth + leftPadding + rightPadding, 2 * Theme.controlHeight)
    implicitHeight: Theme.controlHeight
    leftPadding: Theme.gapLarge
    rightPadding: Theme.gapLarge
    focusPolicy: Qt.TabFocus
    hoverEnabled: true
    opacity: enabled ? 1 : 0.5
    Accessible.role: Accessible.Button
    Accessible.name: text
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: PlainText {
        text: button.text
        color: button.kind === TextButton.Danger ? Theme.textOnDanger : button.filled ? Theme.textOnAccent : Theme.accent
        font.weight: Font.DemiBold
        horizontalAlignment: Text.AlignHCenter
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius
        color: {
            if (button.kind === TextButton.Danger) {
                return Theme.danger;
            }
            if (button.kind === TextButton.Primary) {
                return button.pressed || button.hovered ? Theme.accentPressed : Theme.accent;
            }
            return button.hovered || button.pressed ? Theme.hover : "transparent";
        }

        FocusRing {
            visible: button.visualFocus
            anchors.margins: -2 * Theme.focusLine
            radius: Theme.radius + Theme.focusLine
        }
    }
}
