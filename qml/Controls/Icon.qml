// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Shapes
import Godwit.Theme

// One outline of Icons.
Item {
    id: icon

    required property string path
    property color color: Theme.text
    property real size: Theme.iconSize
    property real weight: 1.6

    implicitWidth: size
    implicitHeight: size

    Shape {
        width: Theme.iconSize
        height: Theme.iconSize
        scale: icon.size / Theme.iconSize
        transformOrigin: Item.TopLeft
        preferredRendererType: Shape.CurveRenderer

        ShapePath {
            strokeColor: icon.color
            strokeWidth: icon.weight
            fillColor: "transparent"
            capStyle: ShapePath.RoundCap
            joinStyle: ShapePath.RoundJoin

            PathSvg {
                path: icon.path
            }
        }
    }
}
