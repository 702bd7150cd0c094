// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// node --experimental-websocket pipe.mjs URL
//
// One connection on the compact wire for whoever speaks XML on pipes: each line in and out is an element as a string of
// JSON. {"open":true} says that the connection is there, {"closed":CODE} that it is not.

import { createInterface } from "node:readline";

import { meaning } from "./frames.mjs";
import { toXml } from "./element.mjs";
import { Socket } from "./socket.mjs";
import { parse } from "./xml.mjs";

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const socket = new Socket(process.argv[2]);
await socket.connect();
say({ open: true });

createInterface({ input: process.stdin }).on("line", (line) => {
    socket.encoder.write(parse(JSON.parse(line)));
    socket.flush();
});

async function* frames() {
    try {
        for (;;) {
            await socket.until(() => socket.frames.length > 0, "a frame", undefined, Infinity);
            yield* socket.frames.splice(0);
        }
    } catch {
        say({ closed: socket.closed?.code });
        process.exit(0);
    }
}

for await (const frame of frames()) {
    if (frame.kind !== "extension" && frame.kind !== "release") {
        say(toXml(meaning(frame), ""));
    }
}
