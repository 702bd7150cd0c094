// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

// A slim scroll bar that is there while it is of use.
T.ScrollBar {
    id: bar

    implicitWidth: Theme.gapSmall
    implicitHeight: Theme.gapSmall
    padding: 2
    visible: policy !== T.ScrollBar.AlwaysOff && size < 1
    minimumSize: 0.06
    focusPolicy: Qt.NoFocus

    contentItem: Rectangle {
        implicitWidth: Theme.unit
        implicitHeight: Theme.unit
        radius: Theme.unit / 2
        color: Theme.control
        opacity: bar.active || bar.pressed || bar.hovered ? 0.8 : 0

        Behavior on opacity {
            NumberAnimation {
                duration: Theme.feedback
            }
        }
    }
}
