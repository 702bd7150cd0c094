// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The chats of an account, narrowed by what is searched for.
FocusScope {
    id: chatList

    required property Account account
    property string openAddress
    property alias search: filter.text

    signal opened(string address)
    signal newChatWanted

    // The chat above (-1) or below (1) the open one.
    function step(by: int): void {
        const from = filter.rowOf(openAddress);
        const to = Math.max(0, Math.min(filter.count - 1, from + by));
        if (filter.count > 0 && to !== from) {
            opened(filter.addressAt(to));
        }
    }

    function openFirst(): void {
        if (filter.count > 0) {
            opened(filter.addressAt(0));
        }
    }

    TextFilter {
        id: filter

        sourceModel: chatList.account.chats
        onTextChanged: view.currentIndex = 0
    }

    // Until somebody moves about in the list, the keyboard is at its top. Later, since the view has not heard of it yet.
    Connections {
        target: chatList.account.chats
        enabled: !view.touched

        function onRowsInserted(): void {
            Qt.callLater(view.toTop);
        }

        function onRowsMoved(): void {
            Qt.callLater(view.toTop);
        }
    }

    ListView {
        id: view

        property bool touched: false

        function toTop(): void {
            // Somebody may have moved since it was asked for.
            if (!touched) {
                currentIndex = 0;
            }
        }

        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        clip: true
        // Unfiltered, chats move to their new places instead of all being made anew.
        model: filter.text === "" ? chatList.account.chats : filter
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: true
        highlightFollowsCurrentItem: true
        highlightMoveDuration: Theme.feedback
        currentIndex: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Chats")
        Keys.onPressed: event => {
            touched = true;
            event.accepted = false;
        }
        Keys.onReturnPressed: chatList.opened(filter.addressAt(currentIndex))
        Keys.onEnterPressed: chatList.opened(filter.addressAt(currentIndex))
        Keys.onSpacePressed: chatList.opened(filter.addressAt(currentIndex))
        T.ScrollBar.vertical: ScrollLine {}

        delegate: ChatRow {
            selected: address === chatList.openAddress
            Accessible.onPressAction: click()
            onClicked: {
                view.touched = true;
                view.currentIndex = index;
                chatList.opened(address);
            }
        }
    }

    Column {
        width: parent.width
        visible: !chatList.account.chats.loaded && patience.over

        Repeater {
            model: 6

            SkeletonRow {
                required property int index

                width: parent.width
            }
        }
    }

    Timer {
        id: patience

        property bool over: false

        interval: Theme.skeletonAfter
        running: true
        onTriggered: over = true
    }

    EmptyState {
        anchors.fill: parent
        sentence: filter.text !== "" ? qsTr("No chat is called “%1”.").arg(filter.text) : qsTr("Your chats will be here.")
        action: filter.text !== "" ? qsTr("Look in contacts") : qsTr("Start a chat")
        visible: chatList.account.chats.loaded && filter.count === 0
        onTriggered: chatList.newChatWanted()
    }
}
