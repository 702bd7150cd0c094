// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

pragma ComponentBehavior: Bound

import QtQuick
import Godwit.Controls
import Godwit.Facade
import Godwit.Theme

// The life of one message, step by step.
Sheet {
    id: sheet

    required property Conversation conversation
    property double key: 0
    property var steps: []

    function openFor(message: double): void {
        key = message;
        steps = [];
        conversation.requestTimeline(message);
    }

    title: qsTr("Details")

    buttons: [
        TextButton {
            text: qsTr("Close")
            focus: true
            onClicked: sheet.close()
        }
    ]

    Repeater {
        model: sheet.steps

        Item {
            id: step

            required property var modelData

            width: parent ? parent.width : 0
            height: what.implicitHeight + (detail.visible ? detail.implicitHeight : 0)
            Accessible.role: Accessible.StaticText
            Accessible.name: [what.text, when.text, detail.text].filter(part => part !== "").join(", ")

            PlainText {
                id: what

                anchors.left: parent.left
                text: step.modelData.what
            }

            PlainText {
                id: when

                anchors.right: parent.right
                anchors.baseline: what.baseline
                text: Words.exact(step.modelData.time)
                color: Theme.textMuted
                font.pixelSize: Theme.textSecondary
                font.features: {
                    "tnum": 1
                }
            }

            PlainText {
                id: detail

                anchors.top: what.bottom
                width: parent.width
                text: step.modelData.detail
                color: Theme.danger
                font.pixelSize: Theme.textSecondary
                wrapMode: Text.Wrap
                visible: text !== ""
            }
        }
    }

    Connections {
        target: sheet.conversation

        function onTimelineReady(key: double, steps: var): void {
            if (key === sheet.key) {
                sheet.steps = steps;
                sheet.open();
            }
        }
    }
}
