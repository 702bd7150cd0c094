// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import Godwit.Chat
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The details of the open conversation: a column where there is room for it, else a sheet.
Item {
    id: host

    property Conversation conversation: null
    property bool open: false
    property bool roomBeside: false
    readonly property bool beside: open && roomBeside && conversation !== null
    readonly property bool inSheet: open && !roomBeside && conversation !== null

    signal closeWanted
    signal addWanted
    signal renameWanted
    signal removeWanted
    signal deleteWanted

    width: beside ? Theme.detailsWidth : 0
    visible: beside
    onInSheetChanged: inSheet ? sheet.open() : sheet.close()

    Component {
        id: content

        DetailsContent {
            conversation: host.conversation
            onAddWanted: host.addWanted()
            onRenameWanted: host.renameWanted()
            onRemoveWanted: host.removeWanted()
            onDeleteWanted: host.deleteWanted()
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface

        Rectangle {
            anchors.left: parent.left
            width: Theme.hairline
            height: parent.height
            color: Theme.line
        }
    }

    PageHeader {
        id: header

        anchors.left: parent.left
        anchors.leftMargin: Theme.hairline
        anchors.right: parent.right
        title: qsTr("Details")

        IconButton {
            path: Icons.close
            text: qsTr("Close details")
            onClicked: host.closeWanted()
        }
    }

    Loader {
        anchors.top: header.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.margins: Theme.gapLarge
        active: host.beside
        sourceComponent: content
    }

    Sheet {
        id: sheet

        title: qsTr("Details")
        onClosed: if (host.inSheet) {
            host.closeWanted();
        }

        buttons: [
            TextButton {
                text: qsTr("Close")
                focus: true
                onClicked: sheet.close()
            }
        ]

        Loader {
            width: parent ? parent.width : 0
            active: host.inSheet
            sourceComponent: content
        }
    }
}
