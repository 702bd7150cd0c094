// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The codec against the reference vectors, the corpus of stanzas, made-up connections, and bytes that are wrong.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync, readdirSync } from "node:fs";
import { describe, test } from "node:test";

import * as cbor from "./cbor.mjs";
import { Reader, WireError } from "./cbor.mjs";
import { Codec } from "./codec.mjs";
import { dictionary } from "./dictionary.mjs";
import { CLIENT, FRAMING, LIMITS, MANAGEMENT, XML, element, isElement, toXml } from "./element.mjs";
import { meaning } from "./frames.mjs";
import { Generator } from "./generator.mjs";
import { vectors } from "./vectors.mjs";
import { WildEncoder } from "./wild.mjs";
import { parse } from "./xml.mjs";

const OPEN = Buffer.from("82f601", "hex");

/** The same for two trees that say the same: text that touches is one, nothing is empty, attributes are in order. */
function normal(node) {
    const children = [];
    for (const one of node.children) {
        if (isElement(one)) {
            children.push(normal(one));
        } else if (typeof children.at(-1) === "string") {
            children.push(children.pop() + one);
        } else if (one !== "") {
            children.push(one);
        }
    }
    return { ns: node.ns, name: node.name, attrs: [...node.attrs].sort(), children };
}

const meanings = (frames) => frames.filter(({ kind }) => kind !== "extension" && kind !== "release").map(meaning);
const same = (found, wanted, message) => assert.deepEqual(found.map(normal), wanted.map(normal), message);

/** Both ends of a connection of the vectors, which writes and reads as far as it is told. */
class Connection {
    constructor({ tables }) {
        this.writer = new Codec({ tables });
        this.reader = new Codec({ tables });
    }

    turn() {
        [this.writer, this.reader] = [this.reader, this.writer];
    }

    follow({ kind, bytes, xml }) {
        if (kind === "turn") {
            this.turn();
            return undefined;
        }
        xml.forEach((one) => this.writer.encoder.write(parse(one)));
        const written = this.writer.encoder.message();
        return { written, read: this.reader.decoder.decode(bytes) };
    }
}

/** A connection in the same state, which goes its own way; what is shared inside is shared in the copy too. */
function copyOf(value, copies = new Map()) {
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) {
        return value;
    }
    if (!copies.has(value)) {
        const copy = value instanceof Map ? new Map(value) : Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
        copies.set(value, copy);
        Object.keys(value).forEach((key) => {
            copy[key] = copyOf(value[key], copies);
        });
    }
    return copies.get(value);
}

describe("vectors", () => {
    test("there are some of each kind", () => {
        for (const kind of ["hex", "read", "refuse", "turn"]) {
            assert.ok(vectors.some(({ steps }) => steps.some((step) => step.kind === kind)), kind);
        }
    });
    for (const vector of vectors) {
        test(vector.name, () => {
            const connection = new Connection(vector);
            for (const step of vector.steps) {
                if (step.kind === "refuse") {
                    assert.throws(() => connection.reader.decoder.decode(step.bytes),
                        (error) => error instanceof WireError && error.condition === "not-well-formed");
                    break;
                }
                const { written, read } = connection.follow(step) ?? {};
                if (step.kind !== "turn") {
                    same(meanings(read), step.xml.map((one) => parse(one)), step.bytes.toString("hex"));
                }
                if (step.kind === "hex") {
                    assert.equal(written.toString("hex"), step.bytes.toString("hex"), step.xml.join("\n"));
                }
            }
        });
    }
});

describe("wrong bytes", () => {
    /** Calls with a fresh connection and each message of the vectors that is whole. */
    function eachMessage(call) {
        for (const vector of vectors) {
            const connection = new Connection(vector);
            for (const step of vector.steps) {
                if (step.kind === "hex" || step.kind === "read") {
                    call(() => copyOf(connection.reader).decoder, step.bytes);
                }
                if (step.kind !== "refuse") {
                    connection.follow(step);
                }
            }
        }
    }

    function ends(bytes) {
        const found = new Set([0]);
        for (const reader = new Reader(bytes); !reader.done; found.add(reader.at)) {
            reader.item();
        }
        return found;
    }

    test("a message that is cut off anywhere but behind a frame is refused", () => {
        let cuts = 0;
        eachMessage((decoder, bytes) => {
            const whole = ends(bytes);
            for (let length = 0; length < Math.min(bytes.length, 400); ++length) {
                if (whole.has(length)) {
                    decoder().decode(bytes.subarray(0, length));
                } else {
                    assert.throws(() => decoder().decode(bytes.subarray(0, length)), WireError);
                    ++cuts;
                }
            }
        });
        assert.ok(cuts > 1000);
    });

    test("a byte that is changed leads to frames or to a refusal, never to a failure", () => {
        let refused = 0;
        eachMessage((decoder, bytes) => {
            for (let at = 0; at < Math.min(bytes.length, 200); ++at) {
                for (const change of [0x01, 0x20, 0x80]) {
                    const wrong = Buffer.from(bytes);
                    wrong[at] ^= change;
                    try {
                        meanings(decoder().decode(wrong)).forEach((one) => toXml(one));
                    } catch (error) {
                        assert.ok(error instanceof WireError, error);
                        ++refused;
                    }
                }
            }
        });
        assert.ok(refused > 1000);
    });

    test("frames before an error are good, and nothing is read behind it", () => {
        const { decoder } = new Codec();
        assert.throws(() => decoder.decode(Buffer.concat([OPEN, Buffer.from("f5f7f5", "hex")])), (error) => {
            assert.deepEqual(error.frames.map(({ kind }) => kind), ["open", "request"]);
            return true;
        });
        assert.throws(() => decoder.decode(Buffer.from("f5", "hex")), WireError);
    });
});

describe("round trips", () => {
    const folder = new URL("../../corpus/stanzas/", import.meta.url);

    function stanzas(file) {
        return readFileSync(new URL(file, folder), "utf8").split(/^# /m).slice(1)
            .map((item) => item.slice(item.indexOf("\n") + 1).trim()).filter((one) => one !== "");
    }

    for (const file of readdirSync(folder).filter((name) => name.endsWith(".txt"))) {
        test(`the stanzas of ${file}`, () => {
            const connection = new Connection({});
            connection.follow({ bytes: OPEN, xml: [`<open xmlns='${FRAMING}'/>`] });
            for (const source of stanzas(file)) {
                const stanza = parse(source);
                connection.writer.encoder.write(stanza);
                same(meanings(connection.reader.decoder.decode(connection.writer.encoder.message())), [stanza], source);
            }
        });
    }

    test("connections made up by chance", () => {
        for (let seed = 1; seed <= 60; ++seed) {
            const generator = new Generator(seed);
            const connection = new Connection({ tables: generator.pick([undefined, [0, 0, 0], [1, 2, 1], [7, 5, 3]]) });
            for (let step = 0; step < 40; ++step) {
                const frames = step < 2 ? [element(FRAMING, "open")] : generator.frames();
                frames.forEach((one) => connection.writer.encoder.write(one));
                const message = connection.writer.encoder.message();
                same(meanings(connection.reader.decoder.decode(message)), frames, `seed ${seed}: ${message.toString("hex")}`);
                connection.turn();
            }
        }
    });
});

describe("any form", () => {
    test("is read as what it says", () => {
        for (let seed = 1; seed <= 60; ++seed) {
            const generator = new Generator(seed);
            const connection = new Connection({});
            for (const side of [connection.writer, connection.reader]) {
                side.encoder = new WildEncoder({ offered: side.ours, answered: side.theirs }, generator);
            }
            for (let step = 0; step < 60; ++step) {
                const frames = step < 2 ? [element(FRAMING, "open")] : generator.frames();
                frames.forEach((one) => connection.writer.encoder.write(one));
                const message = connection.writer.encoder.message();
                same(meanings(connection.reader.decoder.decode(message)), frames, `seed ${seed}: ${message.toString("hex")}`);
                connection.turn();
            }
        }
    });
});

describe("offers", () => {
    const id = (number) => `${String(number).padStart(8, "0")}-0c37-4c4a-9a5d-6a0d6ed3dd0e`;
    const message = (number) => element(CLIENT, "message", { type: "chat", id: id(number) });

    function opened() {
        const connection = new Connection({ tables: [0, 0, 0] });
        for (let side = 0; side < 2; ++side) {
            connection.writer.encoder.open();
            connection.reader.decoder.decode(connection.writer.encoder.message());
            connection.turn();
        }
        return connection;
    }

    function send(connection, node) {
        connection.writer.encoder.write(node);
        const bytes = connection.writer.encoder.message();
        return { bytes, frames: connection.reader.decoder.decode(bytes) };
    }

    test("what is too much is written without being offered, until it is released", () => {
        const connection = opened();
        const sizes = Array.from({ length: 130 }, (_, number) => send(connection, message(number)).bytes.length);
        assert.deepEqual([sizes[127], sizes[128], sizes[129]], [sizes[0], sizes[0] + 2, sizes[0] + 2]);
        connection.turn();
        const { frames } = send(connection, element(CLIENT, "presence"));
        assert.deepEqual(frames[0], { kind: "release", below: 96 });
        connection.turn();
        assert.equal(send(connection, message(200)).bytes.length, sizes[0]);
    });

    test("one offer too many is an error", () => {
        const connection = opened();
        const offer = cbor.array([cbor.uint(0), cbor.NULL, cbor.NULL, cbor.bytes(Buffer.alloc(16))]);
        for (let number = 0; number < 128; ++number) {
            connection.reader.decoder.decode(offer);
        }
        assert.throws(() => connection.reader.decoder.decode(offer), WireError);
    });

    test("a release of what was never offered is an error", () => {
        const connection = opened();
        send(connection, message(0));
        connection.turn();
        connection.reader.decoder.decode(Buffer.from("82f401", "hex"));
        assert.throws(() => connection.reader.decoder.decode(Buffer.from("82f402", "hex")), WireError);
    });
});

describe("limits", () => {
    function decoded(items) {
        const { decoder } = new Codec();
        decoder.decode(OPEN);
        return decoder.decode(items);
    }

    function refused(items) {
        assert.throws(() => decoded(items), (error) => error instanceof WireError && error.condition === "policy-violation");
    }

    const nested = (depth) => {
        let item = cbor.array([cbor.uint(18)]);
        for (let level = 1; level < depth; ++level) {
            item = cbor.array([cbor.uint(18), item]);
        }
        return item;
    };
    const attributes = (count) => cbor.array([cbor.uint(18), cbor.map(Array.from({ length: count },
        (_, index) => [cbor.text(`a${index}`), cbor.uint(index)]))]);
    const elements = (count) => cbor.array([cbor.uint(2), cbor.NULL, cbor.NULL, cbor.NULL, ...Array(count - 1).fill(cbor.uint(28))]);
    /** A name that is written once and referred to very often. */
    const references = (count) => cbor.array([cbor.uint(18), cbor.array([cbor.array([cbor.text("u".repeat(120)), cbor.text("n")])]),
        ...Array(count).fill(cbor.array([cbor.negative(0)]))]);

    test("depth", () => {
        assert.equal(decoded(nested(LIMITS.depth)).length, 1);
        refused(nested(LIMITS.depth + 1));
        refused(Buffer.concat([Buffer.alloc(100000, 0x81), Buffer.from([0x07])]));
    });

    test("elements", () => {
        assert.equal(decoded(elements(LIMITS.elements))[0].element.children.length, LIMITS.elements - 1);
        refused(elements(LIMITS.elements + 1));
    });

    test("attributes", () => {
        assert.equal(decoded(attributes(LIMITS.attributes))[0].element.attrs.size, LIMITS.attributes);
        refused(attributes(LIMITS.attributes + 1));
    });

    const qualified = (ns) => cbor.map([[cbor.array([cbor.text(ns), cbor.text("a")]), cbor.uint(1)]]);
    /** Each namespace on an element of its own inside the one before. */
    const namespaces = (count) => Array.from({ length: count }, (_, number) => qualified(`n${number}`)).reduceRight(
        (inner, attribute) => [cbor.array([cbor.text("e"), attribute, ...inner])], [])[0];
    const siblings = (one, count) => cbor.array([cbor.text("e"), ...Array(count).fill(one)]);
    /** A namespace of that length, used by an element and by all inside. */
    const uses = (length, count) => cbor.array([cbor.text("e"), qualified("n".repeat(length)),
        ...Array(count - 1).fill(cbor.array([cbor.text("e"), qualified("n".repeat(length))]))]);

    test("namespaces of attributes, here and around", () => {
        const inner = LIMITS.namespaces / 2;
        const most = cbor.array([cbor.text("e"), cbor.map(Array.from({ length: inner },
            (_, number) => [cbor.array([cbor.text(`m${number}`), cbor.text("a")]), cbor.uint(1)])), namespaces(inner)]);
        assert.equal(decoded(most).length, 1);
        assert.equal(decoded(siblings(namespaces(inner), 5)).length, 1);
        assert.equal(decoded(siblings(namespaces(inner + 1), 5)).length, 1);
        refused(cbor.array([cbor.text("e"), qualified("one more"), most]));
        const xml = cbor.array([cbor.text("e"), qualified(XML), most]);
        assert.equal(decoded(xml).length, 1);
    });

    test("namespaces, again and again", () => {
        // With twice 16 uses, the namespace itself written out once: 32 n is 16 (rest + n) + 16384.
        const rest = Buffer.byteLength(toXml(decoded(uses(1, 32))[0].element)) - 1;
        const most = rest + 1024;
        assert.equal(decoded(uses(most, 32)).length, 1);
        refused(uses(most + 1, 32));
    });

    test("the size of an element, whatever it refers to", () => {
        assert.equal(decoded(references(1000)).length, 1);
        refused(references(3000));
    });

    test("the size of a message", () => {
        assert.deepEqual(decoded(Buffer.alloc(LIMITS.message, 0xf5)).length, LIMITS.message);
        refused(Buffer.alloc(LIMITS.message + 1, 0xf5));
    });
});

test("the dictionary says nothing twice", () => {
    const { elements, attributes, strings } = dictionary;
    const names = [elements.map(({ ns, name, fixed }) => `${ns} ${name} ${JSON.stringify(fixed)}`),
        attributes.map(({ name }) => name), strings, ...elements.map(({ fields }) => fields.map(({ name }) => name))];
    names.forEach((list) => assert.equal(new Set(list).size, list.length));
    const kinds = [...attributes, ...elements.flatMap(({ fields }) => fields)].map(({ kind }) => kind);
    assert.deepEqual([...new Set(kinds)].sort(), ["I", "J", "S"]);
    elements.forEach(({ fields, fixed }) => assert.ok(!fields.some(({ name }) => name === fixed.attribute)));
});
