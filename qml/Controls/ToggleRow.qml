// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// A setting that is on or off, with a line that says what it does.
T.Switch {
    id: row

    property string detail

    implicitHeight: Math.max(Theme.controlHeight, words.implicitHeight)
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.description: detail
    Accessible.checkable: true
    Accessible.checked: checked
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    contentItem: Column {
        id: words

        rightPadding: row.indicator.width + Theme.gap

        PlainText {
            width: parent.width - parent.rightPadding
            text: row.text
            wrapMode: Text.Wrap
        }

        PlainText {
            width: parent.width - parent.rightPadding
            text: row.detail
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            wrapMode: Text.Wrap
            visible: text !== ""
        }
    }
    indicator: Rectangle {
        x: row.mirrored ? 0 : row.width - width
        y: Theme.unit
        implicitWidth: Theme.controlHeight
        implicitHeight: Theme.iconSize + Theme.unit
        radius: height / 2
        color: row.checked ? Theme.accent : "transparent"
        border.width: 2 * Theme.hairline
        border.color: row.checked ? Theme.accent : Theme.control

        Rectangle {
            x: row.visualPosition * (parent.width - width - 2 * Theme.unit) + Theme.unit
            y: Theme.unit
            width: parent.height - 2 * Theme.unit
            height: width
            radius: width / 2
            color: row.checked ? Theme.textOnAccent : Theme.control

            Behavior on x {
                NumberAnimation {
                    duration: Theme.feedback
                    easing.type: Easing.OutCubic
                }
            }
        }

        FocusRing {
            visible: row.visualFocus
            anchors.margins: -2 * Theme.focusLine
            radius: parent.radius + 2 * Theme.focusLine
        }
    }
}
