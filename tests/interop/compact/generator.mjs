// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Frames made up by chance, the same for the same seed.

import { dictionary } from "./dictionary.mjs";
import { CLIENT, FRAMING, MANAGEMENT, element } from "./element.mjs";

const WORDS = ["", "a", "away", "0", "17", "9007199254740991", "9007199254740992", "007", "true", "false", "null", " x ",
    "Wherefore art thou", "8bd3a61e-0c37-4c4a-9a5d-6a0d6ed3dd0e", "8BD3A61E-0c37-4c4a-9a5d-6a0d6ed3dd0e",
    "FH0Cm3J4cIYp-9oS7UYYtA", "HT8OfFqPhHTdyYLBLh0d0qgJCCs=", "HT8OfFqPhHTdyYLBLh0d0qgJCCt=", "00ff10AB00ff10AB",
    "00ff10ab00ff10ab", "2026-11-27T23:50:01Z", "2026-11-27T23:50:01.250Z", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "\u{FEFF}mark", "\u{1F426}", "tab\tand\nline\rends", "x".repeat(300)];
const ADDRESSES = ["example.org", "anna@example.org", "anna@example.org/phone", "bela@example.org/a/b@c", "example.org/x",
    "@example.org", "anna@", "anna@example.org/", "/", "@/", "", `${"l".repeat(100)}@example.org/${"r".repeat(100)}`];
const NAMES = ["x", "message", "body", "show", "origin-id", "open", "q\u{E9}"];
const NAMESPACES = ["urn:example:1", "urn:example:2", "", CLIENT, "urn:xmpp:sid:0"];

export class Generator {
    constructor(seed) {
        this.state = seed >>> 0;
    }

    /** Mulberry32. */
    next() {
        this.state = this.state + 0x6D2B79F5 >>> 0;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ mixed >>> 15, mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
        return (mixed ^ mixed >>> 14) >>> 0;
    }

    below(count) {
        return this.next() % count;
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    uuid() {
        const digits = Array.from({ length: 32 }, () => this.below(16).toString(16)).join("");
        return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    }

    /** Values come again, so that tables and offers are used. */
    value(name) {
        if (/^(to|from|by|jid)$/.test(name)) {
            return this.pick(ADDRESSES);
        }
        if (name === "id" && this.below(2) === 0) {
            this.ids = [...(this.ids ?? []).slice(-40), this.uuid()];
            return this.pick(this.ids);
        }
        return this.below(3) === 0 ? this.pick(dictionary.strings) : this.pick(WORDS);
    }

    attributes(node, names) {
        for (const name of names) {
            if (this.below(2) === 0) {
                node.attrs.set(name, this.value(name));
            }
        }
        if (this.below(4) === 0) {
            node.attrs.set(this.pick(dictionary.attributes).name, this.pick(WORDS));
        }
        if (this.below(6) === 0) {
            node.attrs.set(this.pick(["strange", "{urn:example:1}kind", "{urn:example:2}kind"]), this.pick(WORDS));
        }
        return node;
    }

    element(depth = 1) {
        const entry = this.below(4) === 0 ? undefined : this.pick(this.below(2) ? dictionary.elements.slice(0, 60) : dictionary.elements);
        const node = entry ? element(entry.ns, entry.name) : element(this.pick(NAMESPACES), this.pick(NAMES));
        if (entry?.fixed.attribute && this.below(4) > 0) {
            node.attrs.set(entry.fixed.attribute, entry.fixed.value);
        }
        this.attributes(node, entry?.fields.map(({ name }) => name) ?? []);
        if (entry?.fixed.text && this.below(2) === 0) {
            node.children.push(entry.fixed.text);
        }
        for (let count = depth < 6 ? this.below(4) : 0; count > 0; --count) {
            node.children.push(this.below(3) === 0 ? this.pick(WORDS) : this.element(depth + 1));
        }
        return node;
    }

    /** A stanza, with children that the message of rule 15 writes in ways of its own. */
    stanza() {
        const node = this.attributes(element(CLIENT, this.pick(["message", "message", "presence", "iq"])), ["to", "from", "id", "type"]);
        if (this.below(2) === 0) {
            node.attrs.set("type", this.pick(["chat", "groupchat", "get", "set", "result", "error"]));
        }
        for (let count = this.below(5); count > 0; --count) {
            const made = [() => element(CLIENT, "body", {}, [this.pick(WORDS)]), () => this.pick(WORDS), () => this.element(2),
                () => element("urn:xmpp:sid:0", "origin-id", { id: node.attrs.get("id") ?? "none" }),
                () => element("urn:xmpp:forward:0", "forwarded", {}, [this.stanza()])];
            node.children.push(this.pick(made)());
        }
        return node;
    }

    frames() {
        const kinds = [() => this.stanza(), () => this.stanza(), () => this.element(), () => element(MANAGEMENT, "r"),
            () => element(MANAGEMENT, "a", { h: String(this.next()) }), () => element(FRAMING, "close")];
        const frames = Array.from({ length: this.below(4) }, () => this.pick(kinds)());
        return frames.filter(({ ns, name }) => ns !== FRAMING || name === "close");
    }
}
