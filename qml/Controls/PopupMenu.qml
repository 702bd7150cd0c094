// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

T.Menu {
    id: menu

    implicitWidth: 224
    implicitHeight: contentHeight + topPadding + bottomPadding
    padding: Theme.gapTiny
    margins: Theme.gapSmall
    overlap: 1
    cascade: false
    popupType: T.Popup.Item

    delegate: PopupMenuItem {}
    contentItem: ListView {
        implicitHeight: contentHeight
        model: menu.contentModel
        interactive: contentHeight > height
        clip: interactive
        currentIndex: menu.currentIndex
        keyNavigationEnabled: true
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.surfaceRaised
        border.width: Theme.hairline
        border.color: Theme.line
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
