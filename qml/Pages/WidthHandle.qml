// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Facade
import Godwit.Theme

// Between list and conversation: dragged, or moved with the arrow keys, it changes the width of the list.
Item {
    id: handle

    property int widthBefore: 0
    readonly property int direction: Application.layoutDirection === Qt.RightToLeft ? -1 : 1

    implicitWidth: Theme.gapSmall
    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: qsTr("Width of the list")
    Accessible.description: qsTr("%n pixel(s)", "", Appearance.listWidth)
    Keys.onLeftPressed: Appearance.listWidth -= direction * 5 * Theme.unit
    Keys.onRightPressed: Appearance.listWidth += direction * 5 * Theme.unit

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: handle.activeFocus || drag.active ? Theme.focusLine : Theme.hairline
        height: parent.height
        color: handle.activeFocus || drag.active ? Theme.accent : Theme.line
    }

    HoverHandler {
        cursorShape: Qt.SplitHCursor
    }

    DragHandler {
        id: drag

        target: null
        yAxis.enabled: false
        onActiveChanged: if (active) {
            handle.widthBefore = Appearance.listWidth;
        }
        onActiveTranslationChanged: if (active) {
            Appearance.listWidth = handle.widthBefore + handle.direction * activeTranslation.x;
        }
    }
}
