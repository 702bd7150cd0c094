// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

T.MenuItem {
    id: item

    property bool danger: false

    implicitWidth: implicitContentWidth + leftPadding + rightPadding
    implicitHeight: visible ? Theme.menuRowHeight : 0
    leftPadding: Theme.gap
    rightPadding: Theme.gap
    Accessible.role: Accessible.MenuItem
    Accessible.name: text
    Accessible.checkable: checkable
    Accessible.checked: checked

    contentItem: PlainText {
        text: item.text
        color: !item.enabled ? Theme.textMuted : item.danger ? Theme.danger : Theme.text
        elide: Text.ElideRight
        rightPadding: item.checkable || item.subMenu ? Theme.iconSize + Theme.gapSmall : 0
    }
    indicator: Icon {
        x: item.mirrored ? item.leftPadding : item.width - width - item.rightPadding
        y: (item.height - height) / 2
        path: Icons.accepted
        size: Theme.stateIconSize
        color: Theme.accent
        visible: item.checkable && item.checked
    }
    background: Rectangle {
        radius: Theme.radiusSmall
        color: item.highlighted || item.hovered ? Theme.hover : "transparent"
    }
}
