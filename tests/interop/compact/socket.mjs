// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A WebSocket of Node.js with the codec behind it: frames in their order, for one reader that awaits them.

import { Buffer } from "node:buffer";

import { Codec } from "./codec.mjs";
import { isElement, toXml } from "./element.mjs";

export const SUBPROTOCOL = "godwit.v1";
const PATIENCE = 30000; // ms; what has not come by then never will

export class Socket {
    constructor(url, { tables } = {}) {
        this.codec = new Codec({ tables });
        this.frames = [];
        this.sent = 0;
        this.received = 0;
        this.bytes = { sent: 0, received: 0 };
        this.closed = undefined;
        this.wake = () => {};
        this.socket = new WebSocket(url, SUBPROTOCOL);
        this.socket.binaryType = "arraybuffer";
        this.socket.addEventListener("message", ({ data }) => this.read(data));
        this.socket.addEventListener("error", () => this.end({ code: 1006, reason: "the connection broke" }));
        this.socket.addEventListener("close", ({ code, reason }) => this.end({ code, reason }));
    }

    get encoder() {
        return this.codec.encoder;
    }

    async connect() {
        await this.until(() => this.socket.readyState === WebSocket.OPEN, "the connection", this.socket);
        if (this.socket.protocol !== SUBPROTOCOL) {
            throw new Error(`the server chose the subprotocol ${JSON.stringify(this.socket.protocol)}`);
        }
        if (this.socket.extensions !== "") {
            throw new Error(`the server wants ${this.socket.extensions}, and this wire is never compressed further`);
        }
    }

    read(data) {
        if (typeof data === "string") {
            this.end({ code: 1003, reason: "the server sent text" });
            return;
        }
        ++this.received;
        this.bytes.received += data.byteLength;
        try {
            this.frames.push(...this.codec.decoder.decode(Buffer.from(data)));
        } catch (error) {
            this.frames.push(...error.frames ?? []);
            this.end({ code: 1007, reason: String(error) });
        }
        this.wake();
    }

    end(how) {
        this.closed ??= how;
        this.wake();
    }

    /** Sends all frames written since the last time, as one message. */
    flush() {
        this.sendBytes(this.encoder.message());
    }

    sendBytes(bytes) {
        ++this.sent;
        this.bytes.sent += bytes.length;
        this.socket.send(bytes);
    }

    /** Waits until a condition holds; each frame that comes, and the end, are looked at once. */
    async until(condition, what, events, patience = PATIENCE) {
        let timer;
        const late = new Promise((_, reject) => {
            if (patience !== Infinity) {
                timer = setTimeout(() => reject(new Error(`${what} did not come; read: ${this.summary()}`)), patience);
            }
        });
        try {
            while (!condition()) {
                if (this.closed) {
                    throw new Error(`closed with ${this.closed.code} ${this.closed.reason} before ${what}`);
                }
                const change = new Promise((resolve) => {
                    this.wake = resolve;
                    events?.addEventListener("open", resolve, { once: true });
                });
                await Promise.race([change, late]);
            }
        } finally {
            clearTimeout(timer);
        }
    }

    /** The next frame. */
    async next(what = "a frame") {
        await this.until(() => this.frames.length > 0, what);
        return this.frames.shift();
    }

    async ended() {
        await this.until(() => this.closed, "the end");
        return this.closed;
    }

    summary() {
        return this.frames.map((frame) => frame.element && isElement(frame.element) ? toXml(frame.element) : frame.kind).join(" ");
    }
}
