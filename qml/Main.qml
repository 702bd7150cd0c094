// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Templates as T
import Godwit.Facade
import Godwit.Pages
import Godwit.Theme

// The window: sign-in page, or the account that is shown.
T.ApplicationWindow {
    id: window

    required property AccountBook book
    property bool addingAccount: false
    property string openNotice

    title: book.current && book.current.unread > 0 ? qsTr("(%1) Godwit").arg(book.current.unread) : qsTr("Godwit")
    width: 1080
    height: 720
    minimumWidth: 320
    minimumHeight: 440
    visible: true
    color: Theme.surface
    font.pixelSize: Theme.textBody
    LayoutMirroring.enabled: Application.layoutDirection === Qt.RightToLeft
    LayoutMirroring.childrenInherit: true
    onActiveChanged: book.current?.setActive(active)

    Connections {
        target: window.book

        function onSignedIn(address: string): void {
            window.addingAccount = false;
        }

        function onOpenFailed(address: string, reason: string): void {
            window.openNotice = qsTr("%1: %2").arg(address).arg(reason);
        }
    }

    // One shell an account, made anew when another one is shown.
    Repeater {
        model: window.book.current ? [window.book.current] : []

        delegate: Shell {
            required property Account modelData

            anchors.fill: parent
            focus: true
            visible: !window.addingAccount
            enabled: visible
            book: window.book
            account: modelData
            openNotice: window.openNotice
            onAddAccountWanted: window.addingAccount = true
        }
    }

    Loader {
        anchors.fill: parent
        active: !window.book.current || window.addingAccount
        focus: active

        sourceComponent: SignInPage {
            focus: true
            book: window.book
            notice: window.openNotice
            cancelShown: window.addingAccount
            onCancelWanted: window.addingAccount = false
        }
    }
}
