// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Theme

T.MenuSeparator {
    id: line

    implicitHeight: Theme.gapSmall + Theme.hairline
    verticalPadding: Theme.gapTiny

    contentItem: Rectangle {
        color: Theme.line
    }
}
