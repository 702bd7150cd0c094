// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// Shows where the keyboard is.
Rectangle {
    id: ring

    anchors.fill: parent
    anchors.margins: -Theme.focusLine
    color: "transparent"
    border.width: Theme.focusLine
    border.color: Theme.accent
    radius: Theme.radius
}
