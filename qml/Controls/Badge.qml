// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// How many wait.
Rectangle {
    id: badge

    required property int count

    implicitWidth: Math.max(Theme.badge, number.implicitWidth + Theme.gap)
    implicitHeight: Theme.badge
    radius: Theme.badge / 2
    color: Theme.accent
    Accessible.ignored: true

    PlainText {
        id: number

        anchors.centerIn: parent
        text: badge.count > 999 ? "999+" : badge.count.toLocaleString(Qt.locale(), "f", 0)
        color: Theme.textOnAccent
        font.pixelSize: Theme.textMeta
        font.weight: Font.DemiBold
        font.features: {
            "tnum": 1
        }
    }
}
