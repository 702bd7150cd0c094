// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A reader for the well-formed XML of tests/corpus: elements, attributes, character data, references. It checks no more
// than it needs to.

import { CLIENT, XML, element, joinKey } from "./element.mjs";

const TOKEN = /<!\[CDATA\[(.*?)\]\]>|<!--.*?-->|<(\/)?([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:'[^']*'|"[^"]*"))*)\s*(\/)?>|([^<]+)/gsy;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:'([^']*)'|"([^"]*)")/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", apos: "'", quot: '"' };

function plain(text) {
    return text.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (_, hex, decimal, name) =>
        name ? ENTITIES[name] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)));
}

function namespaceOf(scope, prefix) {
    const ns = prefix === "xml" ? XML : scope.get(prefix);
    if (ns === undefined) {
        throw new Error(`the prefix ${prefix} is not declared`);
    }
    return ns;
}

function started(qualified, source, outer) {
    const scope = new Map(outer);
    const pairs = [...source.matchAll(ATTRIBUTE)].map(([, name, one, other]) =>
        [name, plain((one ?? other).replace(/\r\n|[\t\n\r]/g, " "))]);
    for (const [name, value] of pairs) {
        if (name === "xmlns" || name.startsWith("xmlns:")) {
            scope.set(name.slice(6), value);
        }
    }
    const [local, prefix = ""] = qualified.split(":").reverse();
    const node = element(namespaceOf(scope, prefix), local);
    for (const [name, value] of pairs.filter(([one]) => one !== "xmlns" && !one.startsWith("xmlns:"))) {
        const [attribute, space] = name.split(":").reverse();
        node.attrs.set(joinKey(space === undefined ? "" : namespaceOf(scope, space), attribute), value);
    }
    return { node, scope };
}

function addText(node, text) {
    if (typeof node.children.at(-1) === "string") {
        node.children.push(node.children.pop() + text);
    } else if (text !== "") {
        node.children.push(text);
    }
}

/** The one element that a text holds. */
export function parse(source, defaultNamespace = CLIENT) {
    const root = { node: element("", "root"), scope: new Map([["", defaultNamespace]]) };
    const open = [root];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < source.length) {
        const at = TOKEN.lastIndex;
        const found = TOKEN.exec(source);
        if (!found) {
            throw new Error(`no XML: ${source.slice(at, at + 40)}`);
        }
        const [, data, end, name, attributes, empty, text] = found;
        const { node, scope } = open.at(-1);
        if (end) {
            open.pop();
        } else if (name) {
            const inner = started(name, attributes, scope);
            node.children.push(inner.node);
            if (!empty) {
                open.push(inner);
            }
        } else {
            addText(node, data ?? plain(text ?? "").replace(/\r\n?/g, "\n"));
        }
    }
    const elements = root.node.children.filter((one) => typeof one !== "string");
    if (open.length !== 1 || elements.length !== 1) {
        throw new Error(`not one element: ${source.slice(0, 80)}`);
    }
    return elements[0];
}
