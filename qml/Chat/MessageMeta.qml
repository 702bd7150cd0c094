// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// Time and state of a message, on its last line.
Row {
    id: meta

    required property date time
    required property int messageState

    spacing: Theme.gapTiny

    PlainText {
        anchors.verticalCenter: parent.verticalCenter
        text: Words.clock(meta.time)
        color: Theme.textMuted
        font.pixelSize: Theme.textMeta
        font.features: {
            "tnum": 1
        }
    }

    StateIcon {
        anchors.verticalCenter: parent.verticalCenter
        messageState: meta.messageState
    }
}
