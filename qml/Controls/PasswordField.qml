// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// An input that shows dots until asked to show the password.
InputField {
    id: field

    property bool shown: false

    echoMode: shown ? TextInput.Normal : TextInput.Password
    inputMethodHints: Qt.ImhSensitiveData | Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
    trailingSpace: Theme.controlHeight - Theme.gapSmall

    IconButton {
        anchors.right: parent.right
        y: field.label !== "" ? Theme.textSecondary * Theme.textLineHeight + Theme.gapTiny : 0
        path: field.shown ? Icons.hide : Icons.show
        text: field.shown ? qsTr("Hide password") : qsTr("Show password")
        onClicked: field.shown = !field.shown
    }
}
