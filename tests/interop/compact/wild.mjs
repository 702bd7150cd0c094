// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// A sender that takes any form that says the same, not the shortest: a receiver reads all of them (rules 10, 11, 13, 15).

import * as cbor from "./cbor.mjs";
import { attributeOf, dictionary } from "./dictionary.mjs";
import { Encoder } from "./encoder.mjs";
import { isMessage } from "./element.mjs";
import { uuidBytes } from "./forms.mjs";

export class WildEncoder extends Encoder {
    constructor(options, chance) {
        super(options);
        this.chance = chance;
    }

    sometimes(one = 2) {
        return this.chance.below(one) === 0;
    }

    pick(forms) {
        return this.chance.pick(forms);
    }

    string(string) {
        const uuid = uuidBytes(string);
        return uuid && this.sometimes(4) ? cbor.tag(37, cbor.bytes(uuid)) : super.string(string);
    }

    identity(string) {
        const find = this.tables.i.find;
        this.tables.i.find = this.sometimes(3) ? () => undefined : find;
        const form = super.identity(string);
        this.tables.i.find = find;
        return form;
    }

    /** An address in one of the ways to cut it, its parts entered as they end. */
    address(address) {
        if (this.sometimes()) {
            return super.address(address);
        }
        const { j } = this.tables;
        const cuts = [() => cbor.text(address)];
        for (let at = address.indexOf("/"); at >= 0; at = address.indexOf("/", at + 1)) {
            cuts.push(() => cbor.array([this.reference(address.slice(0, at)), cbor.text(address.slice(at + 1))]));
        }
        const [at, slash] = [address.indexOf("@"), address.indexOf("/")];
        if (at >= 0) {
            cuts.push(() => this.composed(address.slice(0, at), address.slice(at + 1)));
        }
        if (at >= 0 && slash > at) {
            cuts.push(() => this.composed(address.slice(0, at), address.slice(at + 1, slash), address.slice(slash + 1)));
        }
        const form = this.pick(cuts)();
        j.enter(address);
        return form;
    }

    composed(local, domain, resource) {
        const reference = this.reference(domain);
        if (resource !== undefined) {
            this.tables.j.enter(`${local}@${domain}`);
        }
        return cbor.array([cbor.text(local), reference, resource === undefined ? cbor.NULL : cbor.text(resource)]);
    }

    /** Some entry that says nothing wrong, or none. */
    entryOf(node) {
        const entry = super.entryOf(node);
        return this.sometimes(5) || entry === undefined ? undefined
            : this.sometimes(5) ? dictionary.elements.map((one, index) => ({ ...one, index })).find((one) =>
                one.ns === node.ns && one.name === node.name && one.fixed.attribute === undefined && one.fixed.text === undefined)
                : entry;
    }

    name(node, inherited) {
        const slot = this.tables.findName(node.ns, node.name);
        if (slot !== undefined && !this.sometimes(4)) {
            return cbor.negative(slot);
        }
        const ns = this.sometimes(4) || node.ns !== inherited ? this.string(node.ns) : undefined;
        const local = cbor.text(node.name);
        this.tables.enterName(node.ns, node.name);
        return ns ? cbor.array([ns, local]) : local;
    }

    /** Attributes in any order, known ones by their names too, in as many maps as it comes. */
    attributes(node, written) {
        const items = [];
        for (const [key, value] of [...node.attrs].filter(([one]) => !written.has(one))) {
            const index = this.sometimes(4) ? undefined : attributeOf(key);
            items.push(...index === undefined ? [cbor.map([this.unknown(key, value)])]
                : [cbor.negative(index), this.value(value, dictionary.attributes[index].kind)]);
        }
        return this.sometimes(8) ? [...items, cbor.map([])] : items;
    }

    inner(node, parent) {
        return this.sometimes(3) ? this.element(node, parent.ns) : super.inner(node, parent);
    }

    inMessage(node, message) {
        return this.sometimes(3) ? this.inner(node, message) : super.inMessage(node, message);
    }

    /** Character data in pieces, where that does not make bodies of it. */
    content(node) {
        const cut = node.children.flatMap((one) => {
            const at = typeof one === "string" && this.sometimes(3) ? [...one].length >> 1 : 0;
            return at === 0 ? [one] : [[...one].slice(0, at).join(""), [...one].slice(at).join("")];
        });
        return super.content({ ...node, children: isMessage(node) || this.sometimes() ? node.children : cut });
    }
}
