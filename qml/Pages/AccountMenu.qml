// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQml.Models
import QtQuick
import Godwit.Controls
import Godwit.Facade

// The account that is shown, the others, and how the window looks.
PopupMenu {
    id: menu

    required property AccountBook book
    required property Account account

    signal addAccountWanted
    signal connectionWanted
    signal passwordWanted
    signal signOutWanted

    width: 280

    PopupMenuItem {
        text: menu.account.wire !== "" ? qsTr("%1 (%2)").arg(menu.account.address).arg(menu.account.wire) : menu.account.address
        enabled: false
    }

    Instantiator {
        model: menu.book.count > 1 ? menu.book : null
        onObjectAdded: (index, object) => menu.insertItem(1 + index, object as PopupMenuItem)
        onObjectRemoved: (index, object) => menu.removeItem(object as PopupMenuItem)

        delegate: PopupMenuItem {
            required property string address
            required property int unread

            text: unread > 0 ? qsTr("%1, %n unread", "", unread).arg(address) : address
            checkable: true
            checked: address === menu.account.address
            onTriggered: menu.book.select(address)
        }
    }

    PopupMenuItem {
        text: qsTr("Connection")
        onTriggered: menu.connectionWanted()
    }

    PopupMenuItem {
        text: qsTr("Change password")
        visible: menu.account.connection === Account.Connection.Refused
        onTriggered: menu.passwordWanted()
    }

    PopupMenuItem {
        text: qsTr("Add account")
        onTriggered: menu.addAccountWanted()
    }

    PopupMenuLine {}

    PopupMenuItem {
        text: qsTr("Look like the system")
        checkable: true
        checked: Appearance.scheme === Appearance.Scheme.System
        onTriggered: Appearance.scheme = Appearance.Scheme.System
    }

    PopupMenuItem {
        text: qsTr("Light")
        checkable: true
        checked: Appearance.scheme === Appearance.Scheme.Light
        onTriggered: Appearance.scheme = Appearance.Scheme.Light
    }

    PopupMenuItem {
        text: qsTr("Dark")
        checkable: true
        checked: Appearance.scheme === Appearance.Scheme.Dark
        onTriggered: Appearance.scheme = Appearance.Scheme.Dark
    }

    PopupMenuItem {
        text: qsTr("Reduce motion")
        checkable: true
        checked: Appearance.reducedMotion
        onTriggered: Appearance.reducedMotion = !Appearance.reducedMotion
    }

    PopupMenuLine {}

    PopupMenuItem {
        text: qsTr("Sign out")
        danger: true
        onTriggered: menu.signOutWanted()
    }
}
