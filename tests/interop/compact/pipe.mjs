// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The codec for whoever has connections of his own and speaks XML. Each line in is an object of JSON, and is answered by
// one: {"connection":1,"write":"<r xmlns='urn:xmpp:sm:3'/>"} by {"message":"f5"}, in hexadecimal digits;
// {"connection":1,"read":"f5"} by {"elements":["<r xmlns='urn:xmpp:sm:3'/>"]}. {"error":""} says that it cannot be done.

import { Buffer } from "node:buffer";
import { createInterface } from "node:readline";

import { Codec } from "./codec.mjs";
import { toXml } from "./element.mjs";
import { meaning } from "./frames.mjs";
import { parse } from "./xml.mjs";

const codecs = new Map();

function codecOf(connection) {
    if (!codecs.has(connection)) {
        codecs.set(connection, new Codec());
    }
    return codecs.get(connection);
}

function answer({ connection, write, read }) {
    const { encoder, decoder } = codecOf(connection);
    if (write !== undefined) {
        encoder.write(parse(write));
        return { message: encoder.message().toString("hex") };
    }
    const frames = decoder.decode(Buffer.from(read, "hex")).filter(({ kind }) => kind !== "extension" && kind !== "release");
    return { elements: frames.map((frame) => toXml(meaning(frame), "")) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
    let said;
    try {
        said = answer(JSON.parse(line));
    } catch (error) {
        said = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
});
