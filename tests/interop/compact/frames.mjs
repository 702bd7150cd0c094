// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

import { XML_LANG } from "./dictionary.mjs";
import { FRAMING, MANAGEMENT, element } from "./element.mjs";

/** What a frame says, as the element that XMPP has for it. */
export function meaning(frame) {
    switch (frame.kind) {
        case "element":
            return frame.element;
        case "ack":
            return element(MANAGEMENT, "a", { h: String(frame.h) });
        case "request":
            return element(MANAGEMENT, "r");
        case "close":
            return element(FRAMING, "close");
        default: {
            const { to, from, id, version, lang } = frame;
            const attrs = { to, from, id, version, [XML_LANG]: lang };
            return element(FRAMING, "open", Object.fromEntries(Object.entries(attrs).filter(([, value]) => value !== undefined)));
        }
    }
}
