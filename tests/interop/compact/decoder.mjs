// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Messages of one direction → frames.

import { Buffer } from "node:buffer";

import { Reader, WireError, refuse } from "./cbor.mjs";
import { dictionary } from "./dictionary.mjs";
import {
    CLIENT, LIMITS, SERVER, checkName, checkNamespace, element, exceeded, isElement, isMessage, joinKey, needsPrefix,
    splitKey, toXml,
} from "./element.mjs";
import { tagged, uuidOf } from "./forms.mjs";
import { Offers, SLOTS_MAX, Tables } from "./tables.mjs";

/** The entries whose field id offers (rule 9). */
export const OFFERING = new Set([0, 1, 4, 5, 23]);
const DATA_TAGS = new Set([1, 4, 21, 22, 23, 37]);

const isSimple = (item, value) => item?.type === "simple" && item.value === value;
const isNull = (item) => isSimple(item, null);
/** Whether an item is character data as it stands (rule 15). */
const isData = ({ type, tag, value }) => type === "text" || type === "bytes" || type === "tag" && DATA_TAGS.has(tag)
    || type === "simple" && value >= 128;
const text = (item) => item.type === "text" ? item.value : refuse("something that had to be text");

export class Decoder {
    /** offered: the ids offered in this direction; answered: those of the other, which are referred to here. */
    constructor(offered = new Offers(), answered = new Offers(), limits = LIMITS) {
        this.offered = offered;
        this.answered = answered;
        this.limits = limits;
        this.opened = false;
        this.h = undefined;
        this.error = undefined;
        this.tables = new Tables();
    }

    /** The frames of a message. Those before an error are good: they are in the error's `frames`. */
    decode(message) {
        const frames = [];
        try {
            if (this.error) {
                throw this.error;
            }
            if (message.length > this.limits.message) {
                exceeded("a message");
            }
            for (const reader = new Reader(message); !reader.done;) {
                frames.push(this.frame(reader.item()));
            }
        } catch (error) {
            if (error instanceof WireError) {
                this.error = error;
                error.frames = frames;
            }
            throw error;
        }
        return frames;
    }

    frame(item) {
        const first = item.type === "array" ? item.value[0] : undefined;
        if (isNull(first)) {
            return this.open(item.value);
        }
        if (!this.opened) {
            refuse("a frame before the open");
        }
        if (item.type === "bytes") {
            return { kind: "extension", bytes: item.value };
        }
        if (first) {
            return isSimple(first, false) ? this.release(item.value) : { kind: "element", element: this.topElement(item) };
        }
        if (item.type === "uint" || item.type === "negative") {
            return this.ack(item);
        }
        if (isSimple(item, true)) {
            return { kind: "request" };
        }
        return isSimple(item, false) ? { kind: "close" } : refuse("an item that is no frame");
    }

    ack({ type, value }) {
        if (type === "uint" && this.h === undefined) {
            refuse("a relative ack before an absolute one");
        }
        if (value >= 2 ** 32) {
            refuse("an ack that is too large");
        }
        this.h = type === "negative" ? value : Number((BigInt(this.h) + BigInt(value)) % (1n << 32n));
        return { kind: "ack", h: this.h };
    }

    release([, below, ...more]) {
        if (below?.type !== "uint" || more.length > 0) {
            refuse("a release without a number");
        }
        this.answered.release(below.value);
        return { kind: "release", below: below.value };
    }

    open(items) {
        const [, version, tables, to, from, id, ...more] = items;
        if (items.length > 8) {
            refuse("an open that is too long");
        }
        const frame = { kind: "open", ...this.agree(version, tables) };
        const values = [[to, text], [from, text], [id], [more[0]], [more[1]]].map(
            ([item, read = (one) => this.string(one)]) => item === undefined || isNull(item) ? undefined : read(item));
        ["to", "from", "id", "version", "lang"].forEach((name, index) => {
            frame[name] = values[index];
        });
        this.opened = true;
        return frame;
    }

    /** What is said once a connection: the dictionary and the sizes of the tables. */
    agree(version, tables) {
        if (this.opened) {
            return [version, tables].every((item) => item === undefined || isNull(item)) ? {}
                : refuse("an open that says once more what stays");
        }
        if (version?.type !== "uint" || version.value < 1) {
            refuse("an open that reads no dictionary");
        }
        let slots = SLOTS_MAX;
        if (tables !== undefined && !isNull(tables)) {
            slots = tables.type === "array" ? tables.value.map((item) => item.type === "uint" ? item.value : NaN) : [];
            if (slots.length !== 3 || !slots.every((count, index) => count <= SLOTS_MAX[index])) {
                refuse("tables that nobody keeps");
            }
        }
        this.tables = new Tables(slots);
        return { dictionary: version.value, tables: slots };
    }

    /** A value of kind S. */
    string(item) {
        switch (item.type) {
            case "text":
                return item.value;
            case "uint":
                return String(item.value);
            case "bytes":
                return uuidOf(item.value);
            case "tag":
                return tagged(item);
            case "negative":
                return dictionary.strings[item.value] ?? refuse("a string beyond the dictionary");
            case "simple":
                return typeof item.value === "boolean" ? String(item.value)
                    : item.value === null ? refuse("null where a value is") : this.answered.take(item.value - 128);
            default:
                return refuse(`${item.type} where a value is`);
        }
    }

    identity(item) {
        if (item.type === "negative") {
            return this.tables.i.at(item.value);
        }
        const value = this.string(item);
        this.tables.i.enter(value);
        return value;
    }

    address(item) {
        if (item.type === "array" && (item.value.length === 2 || item.value.length === 3)) {
            return item.value.length === 2 ? this.joined(...item.value) : this.composed(...item.value);
        }
        return this.simpleAddress(item);
    }

    simpleAddress(item) {
        if (item.type === "negative") {
            return this.tables.j.at(item.value);
        }
        return this.entered(text(item));
    }

    entered(address) {
        this.tables.j.enter(address);
        return address;
    }

    joined(bare, resource) {
        return this.entered(`${this.simpleAddress(bare)}/${text(resource)}`);
    }

    composed(local, domain, resource) {
        const bare = this.entered(`${text(local)}@${this.simpleAddress(domain)}`);
        return isNull(resource) ? bare : this.entered(`${bare}/${text(resource)}`);
    }

    value(item, kind) {
        return kind === "J" ? this.address(item) : kind === "I" ? this.identity(item) : this.string(item);
    }

    topElement(item) {
        this.elements = 0;
        this.expanded = 0;
        this.repeated = 0;
        this.declared = [];
        const node = this.element(item, CLIENT, 1);
        const size = Buffer.byteLength(toXml(node));
        if (size > this.limits.element) {
            exceeded("an element, written out");
        }
        if (this.repeated > this.limits.repetition(size)) {
            exceeded("namespaces, again and again");
        }
        return node;
    }

    /** Counts the use of a namespace, whether or not XML would have to say it once more here. */
    repeat(ns) {
        this.repeated += Buffer.byteLength(ns);
        if (this.repeated > this.limits.repetition(this.limits.element)) {
            exceeded("namespaces, again and again");
        }
    }

    /** The namespaces that attributes declare inside `read` end with it. */
    scoped(read) {
        const around = this.declared.length;
        const result = read();
        this.declared.length = around;
        return result;
    }

    /** Counts what an element stands for while it is read, so that references cannot make much of little. */
    spend(...strings) {
        this.expanded += strings.reduce((sum, one) => sum + one.length, 0);
        if (this.expanded > this.limits.element) {
            exceeded("an element, written out");
        }
    }

    counted(depth) {
        if (++this.elements > this.limits.elements) {
            exceeded("elements");
        }
        if (depth > this.limits.depth) {
            exceeded("depth");
        }
    }

    element(item, inherited, depth) {
        return this.scoped(() => this.elementInside(item, inherited, depth));
    }

    elementInside(item, inherited, depth) {
        this.counted(depth);
        const [tag, ...rest] = item.value;
        if (tag === undefined) {
            refuse("an empty array");
        }
        const entry = tag.type === "uint" ? this.entry(tag.value) : { ...this.name(tag, inherited), fixed: {}, fields: [] };
        if (entry.fixed.text !== undefined) {
            refuse("an array that begins with fixed text");
        }
        const node = this.begun(entry, depth, inherited);
        const offers = depth === 1 && OFFERING.has(tag.value) && tag.type === "uint";
        entry.fields.forEach(({ name, kind }, index) => {
            const field = rest[index];
            if (field !== undefined && !isNull(field)) {
                this.attribute(node, name, this.value(field, kind));
                if (offers && name === "id" && field.type === "bytes") {
                    this.offered.offer(node.attrs.get("id"));
                }
            }
        });
        this.items(node, rest.slice(entry.fields.length), depth);
        return node;
    }

    entry(index) {
        return dictionary.elements[index] ?? refuse("an element beyond the dictionary");
    }

    name(tag, inherited) {
        if (tag.type === "negative") {
            return this.tables.n.at(tag.value);
        }
        const written = this.expandedName(tag, inherited);
        this.tables.enterName(written.ns, written.name);
        return written;
    }

    /** A name without a namespace of its own, or [ns, name]. */
    expandedName(item, inherited) {
        if (item.type === "array" && item.value.length === 2) {
            const ns = checkNamespace(this.string(item.value[0]));
            return { ns, name: checkName(text(item.value[1])) };
        }
        return { ns: inherited, name: checkName(text(item)) };
    }

    /** The element with what is fixed. What is directly inside a stanza of jabber:client is so too (rule 17). */
    begun({ ns, name, fixed }, depth, inherited) {
        const node = element(ns === SERVER && depth === 2 && this.inStanza ? CLIENT : ns, name);
        if (depth === 1) {
            this.inStanza = ns === CLIENT;
        }
        this.spend(name);
        if (ns !== inherited) {
            this.spend(ns);
            this.repeat(ns);
        }
        if (fixed.attribute !== undefined) {
            this.attribute(node, fixed.attribute, fixed.value);
        }
        if (fixed.text !== undefined) {
            node.children.push(fixed.text);
        }
        return node;
    }

    attribute(node, key, value) {
        if (key === "xmlns" || node.attrs.has(key)) {
            refuse(`the attribute ${key} twice, or xmlns`);
        }
        const [ns, name] = splitKey(key);
        this.spend(name, value);
        if (needsPrefix(ns)) {
            this.repeat(ns);
            this.declare(ns);
        }
        node.attrs.set(key, value);
        if (node.attrs.size > this.limits.attributes) {
            exceeded("attributes");
        }
    }

    declare(ns) {
        if (this.declared.includes(ns)) {
            return;
        }
        this.spend(ns);
        this.declared.push(ns);
        if (this.declared.length > this.limits.namespaces) {
            exceeded("namespaces of attributes");
        }
    }

    items(node, items, depth) {
        let content = false;
        for (let at = 0; at < items.length; ++at) {
            const item = items[at];
            const isAttribute = item.type === "negative" || item.type === "map";
            if (isAttribute && content) {
                refuse("an attribute behind content");
            }
            if (item.type === "negative") {
                this.knownAttribute(node, item.value, items[++at]);
            } else if (item.type === "map") {
                this.unknownAttributes(node, item.value);
            } else {
                this.content(node, item, depth);
                content = true;
            }
        }
    }

    knownAttribute(node, index, value) {
        const { name, kind } = dictionary.attributes[index] ?? refuse("an attribute beyond the dictionary");
        if (value === undefined) {
            refuse("an attribute without value");
        }
        this.attribute(node, name, this.value(value, kind));
    }

    unknownAttributes(node, items) {
        for (let at = 0; at < items.length; at += 2) {
            const { ns, name } = this.expandedName(items[at], "");
            this.attribute(node, joinKey(ns, name), this.string(items[at + 1]));
        }
    }

    content(node, item, depth) {
        if (item.type === "uint") {
            this.counted(depth + 1);
            node.children.push(this.scoped(() => this.begun(this.entry(item.value), depth + 1, node.ns)));
        } else if (item.type === "array") {
            node.children.push(this.element(item, node.ns, depth + 1));
        } else if (isMessage(node) && isSimple(item, true)) {
            this.originId(node, depth);
        } else if (item.type === "tag" && item.tag === 6) {
            this.data(node, this.string(item.value));
        } else if (isData(item)) {
            this.written(node, this.string(item), depth);
        } else {
            refuse("an item that says nothing here");
        }
    }

    written(node, data, depth) {
        if (!isMessage(node)) {
            this.data(node, data);
            return;
        }
        this.counted(depth + 1);
        const body = this.begun({ ns: CLIENT, name: "body", fixed: {} }, depth + 1, node.ns);
        this.data(body, data);
        node.children.push(body);
    }

    originId(node, depth) {
        this.counted(depth + 1);
        const origin = this.begun({ ns: "urn:xmpp:sid:0", name: "origin-id", fixed: {} }, depth + 1, node.ns);
        this.attribute(origin, "id", node.attrs.get("id") ?? refuse("an origin-id like no id"));
        node.children.push(origin);
    }

    data(node, data) {
        this.spend(data);
        if (data !== "" && node.children.length > 0 && !isElement(node.children.at(-1))) {
            node.children.push(node.children.pop() + data);
        } else if (data !== "") {
            node.children.push(data);
        }
    }
}
