// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Facade
import Godwit.Theme

// What somebody wrote, as plain text with links that open. Each message has its own direction.
TextEdit {
    id: body

    required property string message
    required property real widthMax
    readonly property bool linked: MessageText.hasLinks(message)

    // Where the last line ends, so that the time fits in behind it. The arguments say what it depends on.
    function lastLineEnd(forWidth: real, forHeight: real, forLength: int): rect {
        return positionToRectangle(forLength);
    }

    width: Math.min(Math.ceil(implicitWidth), widthMax)
    text: linked ? MessageText.html(message, Theme.accent) : message
    textFormat: linked ? TextEdit.RichText : TextEdit.PlainText
    readOnly: true
    activeFocusOnPress: false
    selectByMouse: true
    persistentSelection: false
    wrapMode: TextEdit.Wrap
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.textOnAccent
    font.pixelSize: Theme.textBody
    Accessible.ignored: true
    onLinkActivated: link => Desktop.openLink(link)

    HoverHandler {
        cursorShape: body.hoveredLink !== "" ? Qt.PointingHandCursor : Qt.IBeamCursor
    }
}
