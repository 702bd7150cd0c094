// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Theme

// A drag that begins at the leading edge goes back.
Item {
    id: swipe

    readonly property bool mirrored: Application.layoutDirection === Qt.RightToLeft

    signal triggered

    x: mirrored && parent ? parent.width - width : 0
    width: Theme.edgeGrip

    DragHandler {
        id: drag

        property real furthest: 0

        target: null
        yAxis.enabled: false
        enabled: swipe.enabled
        onActiveTranslationChanged: if (active) {
            furthest = (swipe.mirrored ? -1 : 1) * activeTranslation.x;
        }
        onActiveChanged: {
            if (!active && furthest > 4 * Theme.edgeGrip) {
                swipe.triggered();
            }
            furthest = 0;
        }
    }
}
