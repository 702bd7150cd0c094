// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// Frames → messages of one direction. Where the specification leaves a choice, the shortest form is taken.

import { Buffer } from "node:buffer";

import * as cbor from "./cbor.mjs";
import { OFFERING } from "./decoder.mjs";
import { VERSION, XML_LANG, attributeOf, dictionary, entriesOf, stringOf } from "./dictionary.mjs";
import {
    CLIENT, FRAMING, MANAGEMENT, checkName, checkNamespace, isElement, isMessage, splitKey,
} from "./element.mjs";
import { dataForms, shortest, uuidBytes, valueForms } from "./forms.mjs";
import { Offers, SLOTS_MAX, Tables } from "./tables.mjs";

const H_MODULUS = 2 ** 32;
const RELATIVE_ACK_MAX = 0xffff;
const OFFERS_RELEASED_FROM = 96;
const OFFERS_KEPT = 32;

const is = (node, ns, name) => node.ns === ns && node.name === name;
const isBare = (node) => node.attrs.size === 0 && node.children.length === 0;
const isData = (node) => node.attrs.size === 0 && node.children.every((one) => !isElement(one));

function trimmed(items) {
    const last = items.findLastIndex((item) => item !== cbor.NULL);
    return items.slice(0, last + 1);
}

export class Encoder {
    /** offered: the ids offered in this direction; answered: those of the other, which may be referred to here. */
    constructor({ tables = SLOTS_MAX, offered = new Offers(), answered = new Offers() } = {}) {
        this.slots = tables;
        this.tables = new Tables(tables);
        this.offered = offered;
        this.answered = answered;
        this.h = undefined;
        this.opened = false;
        this.parts = [];
    }

    /** The message with all frames since the last one. */
    message() {
        const bytes = Buffer.concat(this.parts);
        this.parts = [];
        return bytes;
    }

    /** Puts a frame behind the others; in front of the first one, offers are released now and then (rule 9). */
    put(frame) {
        if (this.parts.length === 0 && this.opened && this.answered.open >= OFFERS_RELEASED_FROM) {
            this.parts.push(this.released(this.answered.count - OFFERS_KEPT));
        }
        this.parts.push(frame);
    }

    released(below) {
        this.answered.release(below);
        return cbor.array([cbor.FALSE, cbor.uint(below)]);
    }

    open({ to, from, id, version, lang } = {}) {
        const sizes = this.opened || this.slots.join() === SLOTS_MAX.join()
            ? cbor.NULL : cbor.array(this.slots.map(cbor.uint));
        const values = [to, from].map((one) => one === undefined ? cbor.NULL : cbor.text(one));
        values.push(...[id, version, lang].map((one) => one === undefined ? cbor.NULL : this.string(one)));
        const items = trimmed([this.opened ? cbor.NULL : cbor.uint(VERSION), sizes, ...values]);
        this.put(cbor.array([cbor.NULL, ...items]));
        this.opened = true;
    }

    ack(h) {
        const more = this.h === undefined ? Infinity : (h - this.h + H_MODULUS) % H_MODULUS;
        this.put(more <= RELATIVE_ACK_MAX ? cbor.uint(more) : cbor.negative(h));
        this.h = h;
    }

    request() {
        this.put(cbor.TRUE);
    }

    close() {
        this.put(cbor.FALSE);
    }

    release(below) {
        this.put(this.released(below));
    }

    /** A stanza or another top-level element, as the frame that says it in full. */
    write(node) {
        if (is(node, FRAMING, "open")) {
            this.open({ ...Object.fromEntries(node.attrs), lang: node.attrs.get(XML_LANG) });
        } else if (is(node, FRAMING, "close") && isBare(node)) {
            this.close();
        } else if (is(node, MANAGEMENT, "r") && isBare(node)) {
            this.request();
        } else if (this.isAck(node)) {
            this.ack(Number(node.attrs.get("h")));
        } else {
            this.put(this.element(node, CLIENT, true));
        }
    }

    isAck(node) {
        return is(node, MANAGEMENT, "a") && node.attrs.size === 1 && node.children.length === 0
            && /^(0|[1-9]\d{0,9})$/.test(node.attrs.get("h")) && Number(node.attrs.get("h")) < H_MODULUS;
    }

    /** The other side's open offer of this string, as forms to choose from. */
    offerForms(string) {
        const slot = this.answered.find(string);
        return slot === undefined ? [] : [cbor.simple(128 + slot)];
    }

    /** Which of several forms is written. */
    pick(forms) {
        return shortest(forms);
    }

    string(string) {
        return this.chosen(string, [...dataForms(string), ...valueForms(string), ...this.stringForms(string)]);
    }

    stringForms(string) {
        const index = stringOf(string);
        return index === undefined ? [] : [cbor.negative(index)];
    }

    chosen(string, forms) {
        const offers = this.offerForms(string);
        const form = this.pick([...forms, ...offers]);
        if (form === offers[0]) {
            this.answered.take(this.answered.find(string));
        }
        return form;
    }

    identity(string) {
        const slot = this.tables.i.find(string);
        if (slot !== undefined) {
            return cbor.negative(slot);
        }
        const form = this.chosen(string, [...dataForms(string), ...valueForms(string)]);
        this.tables.i.enter(string);
        return form;
    }

    address(address) {
        const slot = this.tables.j.find(address);
        if (slot !== undefined) {
            return cbor.negative(slot);
        }
        const [, bare, resource] = /^([^/]*)(?:\/(.*))?$/s.exec(address);
        const at = bare.indexOf("@");
        const ending = resource === undefined ? cbor.NULL : cbor.text(resource);
        let form;
        if (resource !== undefined && (at < 0 || this.tables.j.find(bare) !== undefined)) {
            form = cbor.array([this.reference(bare), ending]);
        } else if (at < 0) {
            form = cbor.text(bare);
        } else {
            form = cbor.array([cbor.text(bare.slice(0, at)), this.reference(bare.slice(at + 1)), ending]);
            this.tables.j.enter(bare);
        }
        if (at < 0 || resource !== undefined) {
            this.tables.j.enter(address);
        }
        return form;
    }

    /** A part of an address: its slot, or text that is entered. */
    reference(part) {
        const slot = this.tables.j.find(part);
        if (slot !== undefined) {
            return cbor.negative(slot);
        }
        this.tables.j.enter(part);
        return cbor.text(part);
    }

    value(string, kind) {
        return kind === "J" ? this.address(string) : kind === "I" ? this.identity(string) : this.string(string);
    }

    element(node, inherited, isTop = false) {
        const entry = this.entryOf(node);
        const items = [entry ? cbor.uint(entry.index) : this.name(node, inherited)];
        const written = new Set(entry?.fixed.attribute === undefined ? [] : [entry.fixed.attribute]);
        for (const { name, kind } of entry?.fields ?? []) {
            items.push(this.field(node, name, kind, isTop && OFFERING.has(entry.index)));
            written.add(name);
        }
        items.push(...this.attributes(node, written), ...this.content(node));
        return cbor.array(trimmed(items));
    }

    /** The entry that says most of an element without saying anything wrong. */
    entryOf(node) {
        const entries = entriesOf(node.ns, node.name).filter(({ fixed }) => fixed.text === undefined);
        return entries.find(({ fixed }) => fixed.attribute !== undefined && node.attrs.get(fixed.attribute) === fixed.value)
            ?? entries.find(({ fixed }) => fixed.attribute === undefined);
    }

    name({ ns, name }, inherited) {
        const slot = this.tables.findName(ns, name);
        if (slot !== undefined) {
            return cbor.negative(slot);
        }
        const local = cbor.text(checkName(name));
        const form = ns === inherited ? local : cbor.array([this.string(checkNamespace(ns)), local]);
        this.tables.enterName(ns, name);
        return form;
    }

    field(node, name, kind, mayOffer) {
        const value = node.attrs.get(name);
        if (value === undefined) {
            return cbor.NULL;
        }
        const form = this.value(value, kind);
        const uuid = mayOffer && name === "id" ? uuidBytes(value) : undefined;
        if (!uuid || !form.equals(cbor.bytes(uuid))) {
            return form;
        }
        if (this.offered.full) {
            return cbor.tag(37, form);
        }
        this.offered.offer(value);
        return form;
    }

    attributes(node, written) {
        const known = [];
        const unknown = [];
        for (const [key, value] of node.attrs) {
            const index = attributeOf(key);
            if (index !== undefined && !written.has(key)) {
                known.push(cbor.negative(index), this.value(value, dictionary.attributes[index].kind));
            } else if (index === undefined && !written.has(key)) {
                unknown.push([key, value]);
            }
        }
        return unknown.length === 0 ? known : [...known, cbor.map(unknown.map((one) => this.unknown(...one)))];
    }

    unknown(key, value) {
        const [ns, name] = splitKey(key);
        if (key === "xmlns") {
            cbor.refuse("an attribute named xmlns");
        }
        const local = cbor.text(checkName(name));
        const written = ns === "" ? local : cbor.array([this.string(checkNamespace(ns)), local]);
        return [written, this.string(value)];
    }

    content(node) {
        const message = isMessage(node);
        return node.children.map((one) => {
            if (!isElement(one)) {
                return message ? cbor.tag(6, this.string(one)) : this.data(one);
            }
            return message ? this.inMessage(one, node) : this.inner(one, node);
        });
    }

    /** Character data: as it stands, or behind tag 6. */
    data(string) {
        const forms = [...valueForms(string), ...this.stringForms(string)].map((form) => cbor.tag(6, form));
        return this.chosen(string, [...dataForms(string), ...forms]);
    }

    inMessage(node, message) {
        if (is(node, CLIENT, "body") && isData(node)) {
            const body = node.children.join("");
            return this.chosen(body, dataForms(body));
        }
        const id = message.attrs.get("id");
        const isSame = is(node, "urn:xmpp:sid:0", "origin-id") && node.attrs.size === 1 && node.children.length === 0
            && id !== undefined && node.attrs.get("id") === id;
        return isSame ? cbor.TRUE : this.inner(node, message);
    }

    inner(node, parent) {
        const fixed = isData(node) ? entriesOf(node.ns, node.name).find((one) => one.fixed.text === node.children.join(""))
            : undefined;
        if (fixed) {
            return cbor.uint(fixed.index);
        }
        const entry = this.entryOf(node);
        const isEmpty = node.children.length === 0 && node.attrs.size === (entry?.fixed.attribute === undefined ? 0 : 1);
        return entry && isEmpty ? cbor.uint(entry.index) : this.element(node, parent.ns);
    }
}
