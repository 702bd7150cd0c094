// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The reference vectors: whole connections, which the file explains at its top.

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";

const FILE = new URL("../../corpus/compact/vectors.txt", import.meta.url);

/** Connections as { name, tables, steps }; a step is a message { kind, bytes, xml } or { kind: "turn" }. */
export function parseVectors(text) {
    const connections = [];
    let xml = [];
    for (const line of text.split("\n")) {
        const [, word, rest] = /^(\S+) ?(.*)$/.exec(line) ?? [];
        const connection = connections.at(-1);
        if (word === "#") {
            connections.push({ name: rest, tables: undefined, steps: [] });
            xml = [];
        } else if (word === "tables") {
            connection.tables = rest.split(" ").map(Number);
        } else if (word === "turn") {
            connection.steps.push({ kind: "turn" });
        } else if (word === "xml") {
            xml.push(rest);
        } else if (word === "hex" || word === "read" || word === "refuse") {
            connection.steps.push({ kind: word, bytes: Buffer.from(rest, "hex"), xml });
            xml = [];
        } else if (word !== undefined && !line.startsWith(";")) {
            throw new Error(`the vectors have a line that begins with ${word}`);
        }
    }
    return connections;
}

export const vectors = parseVectors(readFileSync(FILE, "utf8"));
