// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// The client's side of PLAIN, SCRAM-SHA-256 (RFC 7677) and HT-SHA-256-NONE (FAST tokens), without channel binding.
// initial() is the first response, respond() answers a challenge, verify() checks what a success says.

import { Buffer } from "node:buffer";
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
const sha256 = (data) => createHash("sha256").update(data).digest();
const escaped = (name) => name.replaceAll("=", "=3D").replaceAll(",", "=2C");

function expect(found, wanted) {
    if (found.length !== wanted.length || !timingSafeEqual(found, wanted)) {
        throw new Error("the server did not prove that it knows the password");
    }
}

export class Plain {
    static name = "PLAIN";

    constructor(user, password) {
        this.response = Buffer.from(`\0${user}\0${password}`);
    }

    initial() {
        return this.response;
    }

    respond() {
        throw new Error("PLAIN is challenged by nobody");
    }

    verify() {}
}

export class Scram {
    static name = "SCRAM-SHA-256";

    constructor(user, password) {
        this.password = password;
        this.nonce = randomBytes(18).toString("base64");
        this.first = `n=${escaped(user)},r=${this.nonce}`;
    }

    initial() {
        return Buffer.from(`n,,${this.first}`);
    }

    respond(challenge) {
        const text = challenge.toString();
        const [, nonce, salt, iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(text) ?? [];
        if (!nonce?.startsWith(this.nonce) || nonce === this.nonce) {
            throw new Error(`not a challenge to this client: ${text}`);
        }
        const salted = pbkdf2Sync(this.password.normalize("NFC"), Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
        const last = `c=biws,r=${nonce}`;
        const signed = `${this.first},${text},${last}`;
        const key = hmac(salted, "Client Key");
        const signature = hmac(sha256(key), signed);
        this.wanted = hmac(hmac(salted, "Server Key"), signed);
        return Buffer.from(`${last},p=${Buffer.from(key.map((byte, at) => byte ^ signature[at])).toString("base64")}`);
    }

    verify(data) {
        const [, signature = ""] = /^v=([^,]+)/.exec(data.toString()) ?? [];
        expect(Buffer.from(signature, "base64"), this.wanted);
    }
}

export class HashedToken {
    static name = "HT-SHA-256-NONE";

    constructor(user, token) {
        this.user = user;
        this.token = token;
    }

    initial() {
        return Buffer.concat([Buffer.from(`${this.user}\0`), hmac(this.token, "Initiator")]);
    }

    respond() {
        throw new Error("a token is challenged by nobody");
    }

    verify(data) {
        expect(data, hmac(this.token, "Responder"));
    }
}
