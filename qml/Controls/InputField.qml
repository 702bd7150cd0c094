// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// One line of input under its label, with what is wrong below it.
FocusScope {
    id: field

    required property string label
    property alias text: input.text
    property alias placeholder: hint.text
    property alias echoMode: input.echoMode
    property alias inputMethodHints: input.inputMethodHints
    property alias readOnly: input.readOnly
    property string error
    property real trailingSpace: 0

    signal accepted

    function selectAll(): void {
        input.selectAll();
    }

    implicitWidth: Theme.formWidth
    implicitHeight: column.implicitHeight

    Column {
        id: column

        anchors.left: parent.left
        anchors.right: parent.right
        spacing: Theme.gapTiny

        PlainText {
            width: parent.width
            text: field.label
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            elide: Text.ElideRight
            visible: text !== ""
        }

        T.TextField {
            id: input

            focus: true
            width: parent.width
            height: Theme.controlHeight
            leftPadding: Theme.gap
            rightPadding: Theme.gap + field.trailingSpace
            verticalAlignment: Text.AlignVCenter
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.textOnAccent
            font.pixelSize: Theme.textBody
            selectByMouse: true
            Accessible.role: Accessible.EditableText
            Accessible.name: field.label !== "" ? field.label : hint.text
            Accessible.description: field.error
            onAccepted: field.accepted()

            background: Rectangle {
                radius: Theme.radius
                color: Theme.surfaceRaised
                border.width: input.activeFocus ? Theme.focusLine : Theme.hairline
                border.color: field.error !== "" ? Theme.danger : input.activeFocus ? Theme.accent : Theme.control
            }

            PlainText {
                id: hint

                anchors.fill: parent
                anchors.leftMargin: input.leftPadding
                anchors.rightMargin: input.rightPadding
                color: Theme.textMuted
                elide: Text.ElideRight
                visible: input.text === "" && input.preeditText === ""
            }
        }

        PlainText {
            width: parent.width
            text: field.error
            color: Theme.danger
            font.pixelSize: Theme.textSecondary
            wrapMode: Text.Wrap
            visible: text !== ""
            Accessible.role: Accessible.AlertMessage
            Accessible.name: text
        }
    }
}
