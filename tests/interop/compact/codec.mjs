// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// One end of a connection on the compact wire: what it writes and what it reads, with the offers that both share.

import { Decoder } from "./decoder.mjs";
import { Encoder } from "./encoder.mjs";
import { LIMITS } from "./element.mjs";
import { Offers } from "./tables.mjs";

export class Codec {
    constructor({ tables, limits = LIMITS } = {}) {
        this.ours = new Offers();
        this.theirs = new Offers();
        this.encoder = new Encoder({ tables, offered: this.ours, answered: this.theirs });
        this.decoder = new Decoder(this.theirs, this.ours, limits);
    }
}
