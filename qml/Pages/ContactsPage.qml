// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// People: who asks, who is known, and a chat with anybody whose address is typed.
FocusScope {
    id: page

    required property Account account
    readonly property string typed: search.text.trim()

    signal backWanted
    signal opened(string address)
    signal addWanted(string address)

    function find(): void {
        search.clear();
        search.forceActiveFocus();
    }

    TextFilter {
        id: filter

        sourceModel: page.account.contacts
        text: search.text
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }

    PageHeader {
        id: header

        width: parent.width
        title: qsTr("Contacts")
        backShown: true
        onBackWanted: page.backWanted()

        IconButton {
            path: Icons.add
            text: qsTr("Add contact")
            onClicked: page.addWanted(page.account.isAddress(page.typed) ? page.typed : "")
        }
    }

    SearchField {
        id: search

        anchors.top: header.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.gap
        anchors.rightMargin: Theme.gap
        focus: true
        label: qsTr("Name or address")
        onListWanted: view.forceActiveFocus()
        onAccepted: {
            if (filter.count > 0) {
                page.opened(filter.addressAt(0));
            } else if (page.account.isAddress(page.typed)) {
                page.opened(page.typed);
            }
        }
    }

    TextButton {
        id: write

        anchors.top: search.bottom
        anchors.topMargin: visible ? Theme.gapSmall : 0
        anchors.horizontalCenter: parent.horizontalCenter
        width: parent.width - 2 * Theme.gap
        height: visible ? Theme.controlHeight : 0
        text: qsTr("Write to %1").arg(page.typed)
        visible: page.account.isAddress(page.typed) && filter.rowOf(page.typed) < 0
        onClicked: page.opened(page.typed)
    }

    ListView {
        id: view

        anchors.top: write.bottom
        anchors.topMargin: Theme.gapSmall
        anchors.bottom: parent.bottom
        width: parent.width
        activeFocusOnTab: true
        clip: true
        model: filter
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: true
        highlightMoveDuration: Theme.feedback
        currentIndex: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Contacts")
        T.ScrollBar.vertical: ScrollLine {}
        Keys.onReturnPressed: page.opened(filter.addressAt(currentIndex))
        Keys.onEnterPressed: page.opened(filter.addressAt(currentIndex))

        delegate: ContactRow {
            Accessible.onPressAction: click()
            onClicked: page.opened(address)
            onAccepted: page.account.acceptRequest(address)
            onDenied: page.account.denyRequest(address)
        }
    }

    EmptyState {
        anchors.fill: view
        sentence: page.typed !== "" ? qsTr("No contact is called “%1”.").arg(page.typed) : qsTr("You have no contacts yet.")
        action: qsTr("Add contact")
        visible: filter.count === 0 && !write.visible
        onTriggered: page.addWanted("")
    }
}
