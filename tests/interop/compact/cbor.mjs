// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The part of CBOR that the compact wire uses (rules 3 and 4): items as small objects, and back.

import { Buffer } from "node:buffer";

export class WireError extends Error {
    /** condition: the stream error that answers it, "not-well-formed" or "policy-violation". */
    constructor(message, condition = "not-well-formed") {
        super(message);
        this.condition = condition;
    }
}

export function refuse(message) {
    throw new WireError(message);
}

const TAGS = new Set([1, 4, 6, 21, 22, 23, 37]);
const ITEMS_IN_EACH_OTHER = 200; // an element costs one, and what may stand inside the deepest one three more
const NEGATIVE_MAX = 2 ** 32 - 1;
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function textOf(bytes) {
    let text;
    try {
        text = utf8.decode(bytes);
    } catch {
        refuse("text that is not UTF-8");
    }
    if (NOT_XML.test(text)) {
        refuse("a character that XML does not allow");
    }
    return text;
}

/** Items are { type, value }; type is uint, negative (value is n of −1 − n), bytes, text, array, map, tag or simple. */
export class Reader {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    get done() {
        return this.at === this.bytes.length;
    }

    take(count) {
        if (count > this.bytes.length - this.at) {
            refuse("the message ends inside a frame");
        }
        this.at += count;
        return this.bytes.subarray(this.at - count, this.at);
    }

    /** The argument of a head (RFC 8949 §3), which must not have fitted into a shorter one. */
    argument(info) {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            refuse("a length that is not definite");
        }
        const size = 2 ** (info - 24);
        const value = this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
        if (value < [24, 2 ** 8, 2 ** 16, 2 ** 32][info - 24]) {
            refuse("a head that is longer than it needs to be");
        }
        return value;
    }

    item(depth = 1) {
        if (depth > ITEMS_IN_EACH_OTHER) {
            throw new WireError("items too deep inside each other", "policy-violation");
        }
        const [head] = this.take(1);
        const major = head >> 5;
        if (major === 7) {
            return this.simple(head & 31);
        }
        const value = this.argument(head & 31);
        switch (major) {
            case 0:
                return Number.isSafeInteger(value) ? { type: "uint", value } : refuse("an integer above 2^53 − 1");
            case 1:
                return value <= NEGATIVE_MAX ? { type: "negative", value } : refuse("a negative integer below −2^32");
            case 2:
                return { type: "bytes", value: this.take(value) };
            case 3:
                return { type: "text", value: textOf(this.take(value)) };
            case 6:
                return TAGS.has(value) ? { type: "tag", tag: value, value: this.item(depth + 1) } : refuse("an unknown tag");
            default:
                return this.collection(major === 4 ? "array" : "map", value, depth);
        }
    }

    collection(type, count, depth) {
        const items = count * (type === "map" ? 2 : 1);
        if (items > this.bytes.length - this.at) {
            refuse("the message ends inside a frame"); // each item has a byte at least
        }
        const value = [];
        for (let index = 0; index < items; ++index) {
            value.push(this.item(depth + 1));
        }
        return { type, value };
    }

    simple(info) {
        if (info >= 20 && info <= 22) {
            return { type: "simple", value: [false, true, null][info - 20] };
        }
        const value = info === 24 ? this.take(1)[0] : 0;
        return value >= 128 ? { type: "simple", value } : refuse("a float or an unknown simple value");
    }
}

function head(major, value) {
    const length = value < 24 ? 0 : value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 8;
    const bytes = Buffer.alloc(1 + length);
    bytes[0] = major << 5 | (length === 0 ? value : 24 + Math.log2(length));
    let rest = value;
    for (let at = length; at > 0; --at, rest = Math.floor(rest / 256)) {
        bytes[at] = rest % 256;
    }
    return bytes;
}

export const uint = (value) => head(0, value);
export const negative = (value) => head(1, value);
export const bytes = (value) => Buffer.concat([head(2, value.length), value]);
export const array = (items) => Buffer.concat([head(4, items.length), ...items]);
export const map = (pairs) => Buffer.concat([head(5, pairs.length), ...pairs.flat()]);
export const tag = (number, item) => Buffer.concat([head(6, number), item]);
export const FALSE = Buffer.from([0xf4]);
export const TRUE = Buffer.from([0xf5]);
export const NULL = Buffer.from([0xf6]);

export function simple(value) {
    return Buffer.from([0xf8, value]);
}

export function text(value) {
    if (NOT_XML.test(value)) {
        refuse("a character that XML does not allow");
    }
    const encoded = Buffer.from(value, "utf8");
    return Buffer.concat([head(3, encoded.length), encoded]);
}
