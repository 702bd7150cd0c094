// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma Singleton

import QtQuick

// Outlines of the icons on a grid of 20, drawn by Controls/Icon.qml as strokes.
QtObject {
    id: icons

    readonly property string add: "M10 4 V16 M4 10 H16"
    readonly property string back: "M12.5 4 L6.5 10 L12.5 16"
    readonly property string close: "M5 5 L15 15 M15 5 L5 15"
    readonly property string contacts: "M7.5 9.5 A3 3 0 1 0 7.5 3.5 A3 3 0 1 0 7.5 9.5 M2 16.5 C2 13.6 4.4 12 7.5 12 C10.6 12 13 13.6 13 16.5 M13 9.5 A2.5 2.5 0 0 0 13 4.5 M15 12.3 C17 12.9 18 14.4 18 16.5"
    readonly property string chat: "M4 4 H16 A1.5 1.5 0 0 1 17.5 5.5 V12.5 A1.5 1.5 0 0 1 16 14 H9 L5.5 17 V14 H4 A1.5 1.5 0 0 1 2.5 12.5 V5.5 A1.5 1.5 0 0 1 4 4"
    readonly property string compose: "M4 16 L4.8 12.8 L13.5 4.1 A1.2 1.2 0 0 1 15.2 4.1 L15.9 4.8 A1.2 1.2 0 0 1 15.9 6.5 L7.2 15.2 Z M11.8 5.8 L14.2 8.2"
    readonly property string down: "M5 8 L10 13 L15 8"
    readonly property string info: "M10 17.5 A7.5 7.5 0 1 0 10 2.5 A7.5 7.5 0 1 0 10 17.5 M10 9.2 V13.8 M10 6.2 V6.6"
    readonly property string more: "M10 4.6 V4.8 M10 9.9 V10.1 M10 15.2 V15.4"
    readonly property string search: "M9 14.5 A5.5 5.5 0 1 0 9 3.5 A5.5 5.5 0 1 0 9 14.5 M13 13 L17 17"
    readonly property string send: "M3 10 L17 3.8 L12.6 16.6 L9.6 11 Z M9.6 11 L17 3.8"
    readonly property string show: "M2 10 C4.4 6.4 7 4.8 10 4.8 C13 4.8 15.6 6.4 18 10 C15.6 13.6 13 15.2 10 15.2 C7 15.2 4.4 13.6 2 10 M10 12.5 A2.5 2.5 0 1 0 10 7.5 A2.5 2.5 0 1 0 10 12.5"
    readonly property string hide: "M2 10 C4.4 6.4 7 4.8 10 4.8 C13 4.8 15.6 6.4 18 10 C15.6 13.6 13 15.2 10 15.2 C7 15.2 4.4 13.6 2 10 M4 16.5 L16 3.5"
    readonly property string queued: "M10 17 A7 7 0 1 0 10 3 A7 7 0 1 0 10 17 M10 6.2 V10 L12.8 11.8"
    readonly property string sent: "M3 11 L7.6 15.6 L17 5.6 L15 3.8 L7.6 11.6 L5 9 Z"
    readonly property string accepted: "M4 10.8 L8 14.8 L16 5.6"
    readonly property string delivered: "M1.6 10.8 L5.6 14.8 L13.4 5.6 M9.6 13.9 L10.5 14.8 L18.4 5.6"
    readonly property string failed: "M10 17 A7 7 0 1 0 10 3 A7 7 0 1 0 10 17 M10 6.4 V10.8 M10 13.4 V13.6"
}
