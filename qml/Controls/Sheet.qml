// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// A question in front of the window: title, content, buttons. Esc closes it.
T.Dialog {
    id: sheet

    default property alias fields: body.data
    property list<Item> buttons

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(Theme.formWidth + 2 * Theme.gapHuge, (parent ? parent.width : Theme.formWidth) - 2 * Theme.gapLarge)
    implicitHeight: contentHeight + topPadding + bottomPadding
    padding: Theme.gapHuge
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    contentItem: FocusScope {
        focus: true
        implicitHeight: column.implicitHeight
        Accessible.role: Accessible.Dialog
        Accessible.name: sheet.title

        Column {
            id: column

            anchors.left: parent.left
            anchors.right: parent.right
            spacing: Theme.gapLarge

            PlainText {
                width: parent.width
                text: sheet.title
                font.pixelSize: Theme.textTitle
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }

            Column {
                id: body

                width: parent.width
                spacing: Theme.gap
            }

            Row {
                anchors.right: parent.right
                spacing: Theme.gapSmall
                data: sheet.buttons
            }
        }
    }
    background: Rectangle {
        radius: Theme.radiusBubble
        color: Theme.surfaceRaised
        border.width: Theme.hairline
        border.color: Theme.line
    }
    T.Overlay.modal: Rectangle {
        color: Theme.veil
    }
    enter: Transition {
        NumberAnimation {
            property: "opacity"
            from: 0
            to: 1
            duration: Theme.feedback
            easing.type: Easing.OutCubic
        }
    }
}
