// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// What both ends of a direction remember: the tables J, I and N (rule 8) and the offered ids (rule 9).

import { Buffer } from "node:buffer";

import { refuse } from "./cbor.mjs";

export const SLOTS_MAX = [128, 128, 64];
export const OFFERS_OPEN_MAX = 128;
const KEPT_BEHIND_A_REFERENCE = 31;

/** A ring of values; the key of a value is what is measured and looked for. */
class Ring {
    constructor(slots, shortest, longest) {
        this.slots = slots;
        this.shortest = shortest;
        this.longest = longest;
        this.values = [];
        this.keys = [];
        this.places = new Map(); // of each key the slot that was written last
        this.next = 0;
    }

    enter(key, value = key, size = Buffer.byteLength(key)) {
        if (this.slots === 0 || size < this.shortest || size > this.longest) {
            return;
        }
        if (this.places.get(this.keys[this.next]) === this.next) {
            this.places.delete(this.keys[this.next]);
        }
        this.values[this.next] = value;
        this.keys[this.next] = key;
        this.places.set(key, this.next);
        this.next = (this.next + 1) % this.slots;
    }

    at(slot) {
        return slot < this.values.length ? this.values[slot] : refuse("a reference to an empty slot");
    }

    find(key) {
        return this.places.get(key);
    }
}

export class Tables {
    constructor([j, i, n] = SLOTS_MAX) {
        this.j = new Ring(j, 1, 128);
        this.i = new Ring(i, 8, 64);
        this.n = new Ring(n, 1, 128);
    }

    enterName(ns, name) {
        this.n.enter(`${ns} ${name}`, { ns, name }, Buffer.byteLength(ns) + Buffer.byteLength(name));
    }

    findName(ns, name) {
        return this.n.find(`${ns} ${name}`);
    }
}

/** The ids that one direction has offered, as either end sees them. */
export class Offers {
    constructor() {
        this.ids = [];
        this.count = 0;
        this.released = 0; // all below are
    }

    get open() {
        return this.count - this.released;
    }

    get full() {
        return this.open >= OFFERS_OPEN_MAX;
    }

    offer(id) {
        if (this.full) {
            refuse("more ids offered than may be open");
        }
        this.ids[this.count % OFFERS_OPEN_MAX] = id;
        ++this.count;
    }

    /** The open offer with this id that was made last, as its slot. */
    find(id) {
        for (let number = this.count - 1; number >= this.released; --number) {
            if (this.ids[number % OFFERS_OPEN_MAX] === id) {
                return number % OFFERS_OPEN_MAX;
            }
        }
        return undefined;
    }

    /** Follows a reference to a slot, which releases what is far behind it. */
    take(slot) {
        const last = this.count - 1;
        const number = last - ((last - slot) % OFFERS_OPEN_MAX + OFFERS_OPEN_MAX) % OFFERS_OPEN_MAX;
        if (number < this.released) {
            refuse("a reference to an id that is not offered");
        }
        this.release(number - KEPT_BEHIND_A_REFERENCE);
        return this.ids[slot];
    }

    release(below) {
        if (below > this.count) {
            refuse("a release of ids that were never offered");
        }
        this.released = Math.max(this.released, below);
    }
}
