// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import QtQuick.Templates as T
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// Where a message is written. Enter sends, Shift+Enter begins a new line; what is not sent stays as a draft.
FocusScope {
    id: composer

    required property Conversation conversation
    readonly property bool ready: input.text.trim() !== ""

    signal sent

    function send(): void {
        if (ready && conversation.send(input.text) !== 0) {
            sent();
        }
    }

    implicitHeight: Math.min(input.implicitHeight, Theme.composerLinesMax * Theme.textBody * Theme.textLineHeight + 2 * Theme.gapSmall) + 2 * Theme.gapSmall

    Connections {
        target: composer.conversation

        function onDraftChanged(): void {
            if (input.text !== composer.conversation.draft) {
                input.text = composer.conversation.draft;
                input.cursorPosition = input.length;
            }
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.surface

        Rectangle {
            width: parent.width
            height: Theme.hairline
            color: Theme.line
        }
    }

    Item {
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(parent.width - 2 * Theme.gap, Theme.readingWidth)
        height: parent.height

        Rectangle {
            anchors.fill: flickable
            radius: Theme.radiusBubble
            color: Theme.surfaceRaised
            border.width: input.activeFocus ? Theme.focusLine : Theme.hairline
            border.color: input.activeFocus ? Theme.accent : Theme.control
        }

        Flickable {
            id: flickable

            anchors.left: parent.left
            anchors.right: sendButton.left
            anchors.rightMargin: Theme.gapSmall
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            anchors.topMargin: Theme.gapSmall
            anchors.bottomMargin: Theme.gapSmall
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            T.ScrollBar.vertical: ScrollLine {}

            T.TextArea.flickable: T.TextArea {
                id: input

                focus: true
                implicitHeight: Math.max(Theme.controlHeight, contentHeight + topPadding + bottomPadding)
                topPadding: Theme.gapSmall + 1
                bottomPadding: Theme.gapSmall + 1
                leftPadding: Theme.gap
                rightPadding: Theme.gap
                text: composer.conversation.draft
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.Wrap
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.textOnAccent
                font.pixelSize: Theme.textBody
                selectByMouse: true
                // Tab leaves the field, as everywhere else.
                Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                Accessible.role: Accessible.EditableText
                Accessible.name: qsTr("Message to %1").arg(composer.conversation.name)
                Accessible.multiLine: true
                Keys.onPressed: event => {
                    const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter;
                    if (enter && !(event.modifiers & (Qt.ShiftModifier | Qt.AltModifier))) {
                        event.accepted = true;
                        composer.send();
                    }
                }
                onTextChanged: {
                    if (text !== composer.conversation.draft) {
                        composer.conversation.draft = text;
                        if (composer.ready) {
                            composer.conversation.composing();
                        }
                    }
                }

                PlainText {
                    anchors.fill: parent
                    anchors.leftMargin: input.leftPadding
                    anchors.rightMargin: input.rightPadding
                    text: qsTr("Message")
                    color: Theme.textMuted
                    visible: input.length === 0 && input.preeditText === ""
                }
            }
        }

        IconButton {
            id: sendButton

            anchors.right: parent.right
            anchors.bottom: parent.bottom
            anchors.bottomMargin: Theme.gapSmall
            path: Icons.send
            turned: Application.layoutDirection === Qt.RightToLeft
            text: qsTr("Send")
            tint: composer.ready ? Theme.accent : Theme.textMuted
            enabled: composer.ready
            onClicked: composer.send()
        }
    }
}
