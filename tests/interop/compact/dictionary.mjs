// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The static dictionary, read from the text that is part of the specification.

import { readFileSync } from "node:fs";

export const VERSION = 1;
const TEXT = new URL("../../../shared/compact/dictionary.txt", import.meta.url);

/** An attribute's name as a key: as it stands without a namespace, else {namespace}name. */
export const XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang";

function fixedOf(column) {
    if (column === "-") {
        return {};
    }
    if (column.startsWith('"')) {
        return { text: column.slice(1, -1) };
    }
    const [name, value] = column.split("=");
    return { attribute: name, value };
}

function fieldsOf(column) {
    return column === "-" ? [] : column.split(" ").map((field) => {
        const [name, kind] = field.split(":");
        return { name, kind };
    });
}

/** The lines of each section, split at tabs; the index of a line must be its place. */
export function sections(text) {
    const found = {};
    let lines = [];
    for (const line of text.split("\n")) {
        const title = /^\[(\w+)\]$/.exec(line);
        if (title) {
            found[title[1]] = lines = [];
        } else if (line !== "" && !line.startsWith("#")) {
            const [index, ...columns] = line.split("\t");
            if (Number(index) !== lines.length) {
                throw new Error(`the dictionary's line ${line} is not at its place`);
            }
            lines.push(columns);
        }
    }
    return found;
}

function load() {
    const { elements, attributes, strings } = sections(readFileSync(TEXT, "utf8"));
    return {
        elements: elements.map(([ns, name, fixed, fields]) => ({ ns, name, fixed: fixedOf(fixed), fields: fieldsOf(fields) })),
        attributes: attributes.map(([name, kind]) => ({ name: name === "xml:lang" ? XML_LANG : name, kind })),
        strings: strings.map(([value]) => value),
    };
}

export const dictionary = load();

const expanded = (ns, name) => `${ns} ${name}`; // no name has a space
const entries = new Map();
dictionary.elements.forEach((entry, index) => {
    const key = expanded(entry.ns, entry.name);
    entries.set(key, [...entries.get(key) ?? [], { ...entry, index }]);
});
const attributeIndex = new Map(dictionary.attributes.map(({ name }, index) => [name, index]));
const stringIndex = new Map(dictionary.strings.map((value, index) => [value, index]));

export const entriesOf = (ns, name) => entries.get(expanded(ns, name)) ?? [];
export const attributeOf = (name) => attributeIndex.get(name);
export const stringOf = (value) => stringIndex.get(value);
