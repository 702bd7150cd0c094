// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The first page: address, password, and for the few who need it the server.
FocusScope {
    id: page

    required property AccountBook book
    property bool cancelShown: false
    property string notice

    signal cancelWanted

    function submit(): void {
        if (address.text.trim() === "") {
            failure.text = qsTr("Type your address first.");
            address.forceActiveFocus();
        } else if (!book.signingIn) {
            failure.text = "";
            book.signIn(address.text, password.text, server.text);
        }
    }

    Connections {
        target: page.book

        function onSignInFailed(reason: string): void {
            failure.text = reason;
            password.selectAll();
            password.forceActiveFocus();
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
    }

    Flickable {
        anchors.fill: parent
        contentHeight: Math.max(height, column.implicitHeight + 2 * Theme.gapHuge)
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: column

            anchors.centerIn: parent
            width: Math.min(parent.width - 2 * Theme.gapHuge, Theme.formWidth)
            spacing: Theme.gapLarge

            PlainText {
                text: qsTr("Sign in to Godwit")
                font.pixelSize: Theme.textPage
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }

            InputField {
                id: address

                width: parent.width
                focus: true
                label: qsTr("Address")
                placeholder: qsTr("name@example.org")
                inputMethodHints: Qt.ImhEmailCharactersOnly | Qt.ImhNoAutoUppercase
                readOnly: page.book.signingIn
                onAccepted: password.forceActiveFocus()
            }

            PasswordField {
                id: password

                width: parent.width
                label: qsTr("Password")
                readOnly: page.book.signingIn
                onAccepted: page.submit()
            }

            TextButton {
                id: advanced

                checkable: true
                leftPadding: Theme.gapSmall
                rightPadding: Theme.gapSmall
                text: checked ? qsTr("Hide advanced settings") : qsTr("Advanced settings")
            }

            InputField {
                id: server

                width: parent.width
                label: qsTr("Server, if it is not found by the address")
                placeholder: qsTr("chat.example.org:5222")
                inputMethodHints: Qt.ImhUrlCharactersOnly
                readOnly: page.book.signingIn
                visible: advanced.checked
                onAccepted: page.submit()
            }

            PlainText {
                id: failure

                text: page.notice
                width: parent.width
                color: Theme.danger
                wrapMode: Text.Wrap
                visible: text !== ""
                Accessible.role: Accessible.AlertMessage
                Accessible.name: text
            }

            TextButton {
                width: parent.width
                text: page.book.signingIn ? qsTr("Signing in…") : qsTr("Sign in")
                kind: TextButton.Primary
                enabled: !page.book.signingIn
                onClicked: page.submit()
            }

            TextButton {
                width: parent.width
                text: qsTr("Cancel")
                visible: page.book.signingIn || page.cancelShown
                onClicked: page.book.signingIn ? page.book.cancelSignIn() : page.cancelWanted()
            }
        }
    }
}
