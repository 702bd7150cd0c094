// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import QtQuick

// The keys of a signed-in window.
Item {
    id: keys

    signal findWanted
    signal newChatWanted
    signal stepWanted(int by)
    signal backWanted

    Shortcut {
        sequences: ["Ctrl+K", StandardKey.Find]
        onActivated: keys.findWanted()
    }

    Shortcut {
        sequences: [StandardKey.New]
        onActivated: keys.newChatWanted()
    }

    Shortcut {
        sequence: "Alt+Up"
        onActivated: keys.stepWanted(-1)
    }

    Shortcut {
        sequence: "Alt+Down"
        onActivated: keys.stepWanted(1)
    }

    Shortcut {
        sequences: [StandardKey.Cancel, "Back"]
        onActivated: keys.backWanted()
    }
}
