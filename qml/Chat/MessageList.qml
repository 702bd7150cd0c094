// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The messages of a conversation, the newest at the bottom; older ones come while scrolling up.
FocusScope {
    id: list

    required property Conversation conversation
    readonly property bool atNewest: view.atYEnd
    property bool following: true
    readonly property bool seen: visible && Window.active && atNewest && conversation.messages.loaded
    readonly property bool settled: conversation.messages.loaded

    signal detailsWanted(double key)

    function toNewest(): void {
        following = true;
        view.positionViewAtBeginning();
    }

    function copyCurrent(): void {
        const row = view.currentItem as MessageRow;
        if (row) {
            Desktop.copy(row.body);
        }
    }

    function openMenu(): void {
        const row = view.currentItem as MessageRow;
        if (row && !row.gap) {
            menu.openFor(row);
        }
    }

    // What waits unread begins at the top of the view, if it does not fit into it.
    function placeFirst(): void {
        view.positionViewAtBeginning();
        if (conversation.unread > 1) {
            view.positionViewAtIndex(Math.min(conversation.unread, view.count) - 1, ListView.Contain);
        }
        following = view.atYEnd;
    }

    onSeenChanged: if (seen) {
        conversation.markRead();
    }
    onSettledChanged: if (settled) {
        placeFirst();
    }
    Component.onCompleted: if (settled) {
        placeFirst();
    }

    Connections {
        target: list.conversation

        function onUnreadChanged(): void {
            if (list.seen) {
                list.conversation.markRead();
            }
        }
    }

    ListView {
        id: view

        property string topDay: ""

        function updateTop(): void {
            const item = itemAt(width / 2, contentY + Theme.controlHeight) as MessageRow;
            if (item) {
                topDay = item.dayText;
            }
        }

        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        model: list.conversation.messages
        verticalLayoutDirection: ListView.BottomToTop
        boundsBehavior: Flickable.StopAtBounds
        spacing: 0
        // From bottom to top the header is below the newest message.
        header: Item {
            height: Theme.gap
        }
        footer: Item {
            height: Theme.gap
        }
        cacheBuffer: Math.max(0, 2 * height)
        keyNavigationEnabled: true
        highlightMoveDuration: Theme.feedback
        highlightFollowsCurrentItem: activeFocus
        currentIndex: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Messages with %1").arg(list.conversation.name)
        T.ScrollBar.vertical: ScrollLine {}
        Keys.onReturnPressed: list.openMenu()
        Keys.onMenuPressed: list.openMenu()
        Keys.onPressed: event => {
            if (event.matches(StandardKey.Copy)) {
                list.copyCurrent();
                event.accepted = true;
            }
        }
        onContentYChanged: updateTop()
        onMovementEnded: list.following = atYEnd
        onCountChanged: if (list.following) {
            Qt.callLater(list.toNewest);
        }
        onHeightChanged: if (list.following) {
            positionViewAtBeginning();
        }
        onContentHeightChanged: if (list.following && !moving) {
            positionViewAtBeginning();
        }
        onAtYEndChanged: if (atYEnd) {
            list.following = true;
        }

        delegate: MessageRow {
            width: view.width
            sender: list.conversation.name
            current: view.activeFocus && view.currentIndex === index && Desktop.keyboard
            onMenuWanted: menu.openFor(this)
            onRetryWanted: list.conversation.retry(key)
            onDeleteWanted: list.conversation.discard(key)
        }
    }

    WheelHandler {
        target: null
        onWheel: event => {
            event.accepted = false;
            list.following = false;
        }
    }

    DayPill {
        anchors.horizontalCenter: parent.horizontalCenter
        y: Theme.gapSmall
        text: view.topDay
        visible: view.topDay !== "" && !view.atYBeginning
        opacity: view.moving || floatTimer.running ? 1 : 0
        Accessible.ignored: true

        Behavior on opacity {
            NumberAnimation {
                duration: Theme.feedback
            }
        }

        Timer {
            id: floatTimer

            interval: Theme.patience
        }

        Connections {
            target: view

            function onContentYChanged(): void {
                if (!list.following) {
                    floatTimer.restart();
                }
            }
        }
    }

    JumpButton {
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.gapLarge
        unread: list.conversation.unread
        visible: !view.atYEnd && list.settled
        onClicked: list.toNewest()
    }

    EmptyState {
        anchors.fill: parent
        sentence: qsTr("No messages with %1 yet.").arg(list.conversation.name)
        visible: list.settled && view.count === 0 && !list.conversation.loadingOlder
    }

    MessageMenu {
        id: menu

        conversation: list.conversation
        onDetailsWanted: key => list.detailsWanted(key)
    }
}
