// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Theme

// Names the day of the messages below it.
Rectangle {
    id: pill

    required property string text

    implicitWidth: words.implicitWidth + 2 * Theme.gap
    implicitHeight: Theme.textMeta * 2
    radius: height / 2
    color: Theme.surfaceRaised
    border.width: Theme.hairline
    border.color: Theme.line

    PlainText {
        id: words

        anchors.centerIn: parent
        text: pill.text
        color: Theme.textMuted
        font.pixelSize: Theme.textMeta
        font.weight: Font.Medium
    }
}
