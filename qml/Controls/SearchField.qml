// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// Narrows a list. Down goes into the list, Esc empties the field.
T.TextField {
    id: field

    required property string label

    signal listWanted

    implicitHeight: Theme.menuRowHeight
    leftPadding: Theme.gapSmall + Theme.iconSize + Theme.gapSmall
    rightPadding: field.text !== "" ? Theme.menuRowHeight : Theme.gap
    verticalAlignment: Text.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.textOnAccent
    font.pixelSize: Theme.textBody
    selectByMouse: true
    inputMethodHints: Qt.ImhNoAutoUppercase
    Accessible.role: Accessible.EditableText
    Accessible.name: label
    Accessible.searchEdit: true
    Keys.onDownPressed: field.listWanted()
    // Before the window takes Esc for "back".
    Keys.onShortcutOverride: event => event.accepted = event.key === Qt.Key_Escape && field.text !== ""
    Keys.onEscapePressed: event => {
        event.accepted = field.text !== "";
        field.clear();
    }

    background: Rectangle {
        radius: Theme.radius
        color: Theme.surfaceSunken
        border.width: field.activeFocus ? Theme.focusLine : 0
        border.color: Theme.accent

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            anchors.left: parent.left
            anchors.leftMargin: Theme.gapSmall
            path: Icons.search
            color: Theme.textMuted
        }
    }

    PlainText {
        anchors.fill: parent
        anchors.leftMargin: field.leftPadding
        text: field.label
        color: Theme.textMuted
        visible: field.text === "" && field.preeditText === ""
    }

    IconButton {
        anchors.right: parent.right
        width: Theme.menuRowHeight
        height: Theme.menuRowHeight
        path: Icons.close
        text: qsTr("Clear")
        visible: field.text !== ""
        onClicked: field.clear()
    }
}
