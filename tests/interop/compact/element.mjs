// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The plain tree that frames are made of and become: { ns, name, attrs, children }.

import { WireError, refuse } from "./cbor.mjs";

export const CLIENT = "jabber:client";
export const SERVER = "jabber:server";
export const FRAMING = "urn:ietf:params:xml:ns:xmpp-framing";
export const MANAGEMENT = "urn:xmpp:sm:3";
export const XML = "http://www.w3.org/XML/1998/namespace";
export const XMLNS = "http://www.w3.org/2000/xmlns/";

/** What a receiver takes (rule 23); more is refused. */
export const LIMITS = {
    message: 262144, element: 262144, depth: 64, elements: 10000, attributes: 64, namespaces: 64,
    repetition: (element) => 16 * element + 16384,
};

const START = "A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}-\u{200D}\u{2070}-\u{218F}"
    + "\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}";
const NCNAME = new RegExp(`^[${START}][-.0-9\u{B7}\u{300}-\u{36F}\u{203F}-\u{2040}${START}]*$`, "u");

/** attrs is a Map, or an object; a key is a name, or {namespace}name. */
export function element(ns, name, attrs = {}, children = []) {
    return { ns, name, attrs: attrs instanceof Map ? attrs : new Map(Object.entries(attrs)), children };
}

export const isElement = (node) => typeof node !== "string";
export const isMessage = ({ ns, name }) => ns === CLIENT && name === "message";

export function child(parent, ns, name) {
    return parent.children.find((node) => isElement(node) && node.ns === ns && node.name === name);
}

export const textOf = (node) => node.children.filter((one) => !isElement(one)).join("");

/** [namespace, name] of an attribute's key. */
export function splitKey(key) {
    const at = key.startsWith("{") ? key.indexOf("}") : -1;
    return at < 0 ? ["", key] : [key.slice(1, at), key.slice(at + 1)];
}

export const joinKey = (ns, name) => ns === "" ? name : `{${ns}}${name}`;

export function checkName(name) {
    return NCNAME.test(name) ? name : refuse("a name that is no NCName");
}

export function checkNamespace(ns) {
    return ns === XMLNS ? refuse("the namespace of declarations") : ns;
}

export function exceeded(what) {
    throw new WireError(`more than is taken: ${what}`, "policy-violation");
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };
const escapeText = (value) => value.replace(/[&<>\r]/g, (one) => ESCAPES[one]);
const escapeValue = (value) => value.replace(/[&<'\t\n\r]/g, (one) => ESCAPES[one]);

/** Whether the namespace of an attribute needs a prefix of its own: it has one, and not the one that is always there. */
export const needsPrefix = (ns) => ns !== "" && ns !== XML;

/** prefixes: namespace → prefix, those of the elements around; what is declared here is added. */
function attributesXml(attrs, prefixes) {
    let xml = "";
    for (const [key, value] of attrs) {
        const [ns, name] = splitKey(key);
        if (needsPrefix(ns) && !prefixes.has(ns)) {
            prefixes.set(ns, `p${prefixes.size}`);
            xml += ` xmlns:${prefixes.get(ns)}='${escapeValue(ns)}'`;
        }
        const prefix = ns === "" ? "" : ns === XML ? "xml:" : `${prefixes.get(ns)}:`;
        xml += ` ${prefix}${name}='${escapeValue(value)}'`;
    }
    return xml;
}

/** An element as XML inside one of the namespace given, where these prefixes are declared. */
export function toXml(node, inherited = CLIENT, around = new Map()) {
    const prefixes = new Map(around);
    const declaration = node.ns === inherited ? "" : ` xmlns='${escapeValue(node.ns)}'`;
    const head = `<${node.name}${declaration}${attributesXml(node.attrs, prefixes)}`;
    const inner = node.children.map((one) => isElement(one) ? toXml(one, node.ns, prefixes) : escapeText(one)).join("");
    return inner === "" ? `${head}/>` : `${head}>${inner}</${node.name}>`;
}
