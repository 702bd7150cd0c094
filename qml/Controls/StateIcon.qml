// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick
import Godwit.Facade
import Godwit.Theme

// Where an own message stands: clock, hollow tick, tick, two ticks, two ticks in accent, red mark.
Icon {
    id: stateIcon

    required property int messageState

    size: Theme.stateIconSize
    weight: messageState === MessageListModel.State.Sent ? 1.1 : 1.7
    color: {
        if (messageState === MessageListModel.State.Failed) {
            return Theme.danger;
        }
        return messageState === MessageListModel.State.Read ? Theme.accent : Theme.textMuted;
    }
    path: {
        switch (stateIcon.messageState) {
        case MessageListModel.State.Queued:
            return Icons.queued;
        case MessageListModel.State.Sent:
            return Icons.sent;
        case MessageListModel.State.Accepted:
            return Icons.accepted;
        case MessageListModel.State.Delivered:
        case MessageListModel.State.Read:
            return Icons.delivered;
        case MessageListModel.State.Failed:
            return Icons.failed;
        default:
            return "";
        }
    }
    visible: path !== ""
    Accessible.ignored: true
}
