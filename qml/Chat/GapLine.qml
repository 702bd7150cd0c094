// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Shapes
import Godwit.Controls
import Godwit.Theme

// A hole in the history, which fills itself.
Item {
    id: line

    required property bool filling
    readonly property string words: filling ? qsTr("Fetching earlier messages…") : qsTr("Messages are missing here. They are fetched when there is a connection.")

    implicitHeight: Math.max(Theme.controlHeight, label.implicitHeight + Theme.gapLarge)

    Shape {
        anchors.fill: parent

        ShapePath {
            strokeColor: Theme.control
            strokeWidth: Theme.hairline
            strokeStyle: ShapePath.DashLine
            dashPattern: [4, 4]
            fillColor: "transparent"
            startX: 0
            startY: line.height / 2

            PathLine {
                x: line.width
                y: line.height / 2
            }
        }
    }

    Rectangle {
        anchors.centerIn: parent
        width: label.width + 2 * Theme.gap
        height: label.implicitHeight
        color: Theme.surfaceSunken

        PlainText {
            id: label

            anchors.centerIn: parent
            width: Math.min(implicitWidth, line.width - 4 * Theme.gapHuge)
            text: line.words
            color: Theme.textMuted
            font.pixelSize: Theme.textSecondary
            wrapMode: Text.Wrap
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
