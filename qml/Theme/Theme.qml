// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma Singleton

import QtQuick
import Godwit.Facade

// Every size, colour and duration of the interface, by role.
QtObject {
    id: theme

    // Where a pane begins to stand beside another one.
    readonly property int twoColumnsFrom: 720
    readonly property int threeColumnsFrom: 1100

    readonly property int unit: 4
    readonly property int gapTiny: 4
    readonly property int gapSmall: 8
    readonly property int gap: 12
    readonly property int gapLarge: 16
    readonly property int gapHuge: 24

    readonly property int headerHeight: 56
    readonly property int chatRowHeight: 64
    readonly property int controlHeight: 40
    readonly property int menuRowHeight: 36
    readonly property int lineHeight: 28
    readonly property int detailsWidth: 300
    readonly property int formWidth: 360
    readonly property int readingWidth: 720
    readonly property int messageWidth: 520
    readonly property int avatarLarge: 72
    readonly property int avatar: 44
    readonly property int avatarSmall: 32
    readonly property int iconSize: 20
    readonly property int stateIconSize: 16
    readonly property int badge: 20
    readonly property int presenceDot: 12
    readonly property int hairline: 1
    readonly property int focusLine: 2
    readonly property int radiusSmall: 4
    readonly property int radius: 8
    readonly property int radiusBubble: 14
    readonly property int composerLinesMax: 8
    readonly property int edgeGrip: 16

    readonly property int textMeta: 11
    readonly property int textSecondary: 13
    readonly property int textBody: 15
    readonly property int textTitle: 17
    readonly property int textPage: 22
    readonly property real textLineHeight: 1.35

    readonly property int feedback: Appearance.reducedMotion ? 0 : 120
    readonly property int movement: Appearance.reducedMotion ? 0 : 180
    readonly property int patience: 2000
    readonly property int skeletonAfter: 300
    readonly property int everySecond: 1000

    readonly property bool dark: Appearance.dark
    readonly property color surface: dark ? "#15181B" : "#FBFAF8"
    readonly property color surfaceRaised: dark ? "#1E2226" : "#FFFFFF"
    readonly property color surfaceSunken: dark ? "#101315" : "#F4F2EE"
    readonly property color hover: dark ? "#20252A" : "#F2F0EC"
    readonly property color selected: dark ? "#173330" : "#E6F4F2"
    readonly property color line: dark ? "#2D3338" : "#DFDCD6"
    readonly property color control: dark ? "#7C868E" : "#767C80"
    readonly property color text: dark ? "#E4E7E9" : "#1B1E20"
    readonly property color textMuted: dark ? "#A7B0B7" : "#585E62"
    readonly property color accent: dark ? "#3CC2B8" : "#0B7A75"
    readonly property color accentPressed: dark ? "#5FD3CA" : "#08625E"
    readonly property color textOnAccent: dark ? "#06201E" : "#FFFFFF"
    readonly property color ownBubble: dark ? "#123C39" : "#D8F7F2"
    readonly property color otherBubble: dark ? "#22272C" : "#FFFFFF"
    readonly property color warning: dark ? "#E5B567" : "#7A5000"
    readonly property color warningSurface: dark ? "#2B2416" : "#FBF0D9"
    readonly property color danger: dark ? "#FF9188" : "#B3261E"
    readonly property color textOnDanger: dark ? "#2B0906" : "#FFFFFF"
    readonly property color success: dark ? "#6CCB7A" : "#1F6F2B"
    readonly property color veil: dark ? "#99000000" : "#66101315"
}
