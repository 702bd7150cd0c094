// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// The bubble: text, and time and state inside its last line when they fit.
Rectangle {
    id: bubble

    required property bool own
    required property string message
    required property date time
    required property int messageState
    required property bool groupFirst
    required property bool groupLast
    required property real widthMax
    // Own messages stand at the trailing edge, which is the left one when the interface is mirrored.
    readonly property bool atRight: own !== (Application.layoutDirection === Qt.RightToLeft)
    readonly property real textMax: widthMax - 2 * Theme.gap
    readonly property rect end: body.lastLineEnd(body.width, body.contentHeight, body.length)
    readonly property bool rightToLeft: body.effectiveHorizontalAlignment === TextEdit.AlignRight
    readonly property real metaSpace: meta.width + Theme.gap
    readonly property real lastLineWidth: rightToLeft ? body.width - end.x : end.x
    readonly property bool fits: lastLineWidth + metaSpace <= textMax
    readonly property real textWidth: fits ? Math.max(body.width, lastLineWidth + metaSpace) : Math.max(body.width, meta.width)
    readonly property alias selectedText: body.selectedText

    implicitWidth: textWidth + 2 * Theme.gap
    implicitHeight: body.height + 2 * Theme.gapSmall + (fits ? 0 : meta.height)
    color: own ? Theme.ownBubble : Theme.otherBubble
    radius: Theme.radiusBubble
    topLeftRadius: !atRight && !groupFirst ? Theme.radiusSmall : Theme.radiusBubble
    bottomLeftRadius: !atRight && !groupLast ? Theme.radiusSmall : Theme.radiusBubble
    topRightRadius: atRight && !groupFirst ? Theme.radiusSmall : Theme.radiusBubble
    bottomRightRadius: atRight && !groupLast ? Theme.radiusSmall : Theme.radiusBubble

    MessageBody {
        id: body

        x: bubble.rightToLeft ? bubble.width - width - Theme.gap : Theme.gap
        y: Theme.gapSmall
        message: bubble.message
        widthMax: bubble.textMax
    }

    MessageMeta {
        id: meta

        LayoutMirroring.enabled: false
        x: bubble.rightToLeft ? Theme.gap : bubble.width - width - Theme.gap
        y: bubble.height - height - Theme.gapSmall + 1
        time: bubble.time
        messageState: bubble.messageState
    }
}
