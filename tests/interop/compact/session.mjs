// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// node --experimental-websocket session.mjs URL JID PASSWORD PEER PEER_PASSWORD
//
// Two clients on the compact wire of a real server: messages, acks, receipts, resumption, ends, errors.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";

import { Client } from "./client.mjs";
import { CLIENT, child, element, textOf } from "./element.mjs";
import { Socket } from "./socket.mjs";

const [url, jid, password, peer, peerPassword] = process.argv.slice(2);
if (peerPassword === undefined) {
    throw new Error("session.mjs URL JID PASSWORD PEER PEER_PASSWORD");
}

const RECEIPTS = "urn:xmpp:receipts";
const SID = "urn:xmpp:sid:0";
const STREAMS = "urn:ietf:params:xml:ns:xmpp-streams";
const DOMAIN = jid.split("@")[1];

function chat(to, body, id = randomUUID()) {
    return element(CLIENT, "message", { to, type: "chat", id }, [element(CLIENT, "body", {}, [body]),
        element(SID, "origin-id", { id }), element(RECEIPTS, "request")]);
}

const isChat = (stanza) => stanza.name === "message" && child(stanza, CLIENT, "body") !== undefined;
const bodyOf = (stanza) => textOf(child(stanza, CLIENT, "body"));
const receiptOf = (stanza) => child(stanza, RECEIPTS, "received")?.attrs.get("id");

async function bodies(client, count) {
    const found = [];
    while (found.length < count) {
        found.push(bodyOf(await client.stanza(isChat, `message ${found.length + 1} of ${count}`)));
    }
    return found;
}

/** Sends an iq that is answered behind everything that was to come, which makes silence visible. */
async function ping(client) {
    const id = randomUUID();
    client.send(element(CLIENT, "iq", { type: "get", id, to: DOMAIN }, [element("urn:xmpp:ping", "ping")]));
    const seen = [];
    await client.stanza((stanza) => stanza.attrs.get("id") === id || !seen.push(stanza), "the answer to a ping");
    return seen;
}

describe("two clients", () => {
    let anna;
    let bela;
    const clients = [];

    async function logIn(address, secret, tables) {
        const client = await new Client({ url, jid: address, password: secret, tables }).logIn();
        client.send(element(CLIENT, "presence"));
        await client.settled();
        clients.push(client);
        return client;
    }

    before(async () => {
        anna = await logIn(jid, password);
        bela = await logIn(peer, peerPassword, [4, 4, 2]);
    });
    after(() => Promise.all(clients.map((client) => client.socket.closed ?? client.close())));

    test("messages arrive in their order, acknowledged and with an id of the archive", async () => {
        const words = ["Wherefore", "true", "17", "x".repeat(70), "\u{1F426} & <b>", " "];
        anna.send(...words.map((word) => chat(peer, word)));
        for (const word of words) {
            const message = await bela.stanza(isChat);
            assert.equal(bodyOf(message), word);
            assert.equal(message.attrs.get("from"), anna.jid);
            assert.ok(child(message, SID, "stanza-id").attrs.get("id"));
            assert.equal(child(message, SID, "origin-id").attrs.get("id"), message.attrs.get("id"));
        }
        await anna.settled();
    });

    test("a receipt names an id of the other direction in two bytes", async () => {
        for (let number = 0; number < 200; ++number) {
            const id = randomUUID();
            anna.send(chat(peer, "one of many", id));
            const message = await bela.stanza((one) => one.attrs.get("id") === id);
            const received = element(RECEIPTS, "received", { id: message.attrs.get("id") });
            const before = bela.socket.bytes.sent;
            bela.send(element(CLIENT, "message", { to: anna.jid, type: "chat", id: "r" }, [received]));
            const size = bela.socket.bytes.sent - before;
            assert.ok(number === 0 || size <= 11, `a receipt of ${size} bytes, its request for an ack included`);
            const receipt = await anna.stanza((one) => receiptOf(one) !== undefined);
            assert.equal(receiptOf(receipt), id);
        }
        await Promise.all([anna.settled(), bela.settled()]);
    });

    test("a torn connection is resumed in one round trip, and nothing is lost or repeated", async () => {
        await ping(bela);
        await bela.tear();
        const words = Array.from({ length: 30 }, (_, number) => `while you were away ${number}`);
        anna.send(...words.map((word) => chat(peer, word)));
        await anna.settled();
        const lost = chat(jid, "said into a dead connection");
        bela.unacked.push(lost);
        const session = bela.session;
        await bela.resume();
        assert.equal(bela.session, session);
        assert.equal(bela.socket.sent, 2, "one message to resume, one with what is sent again");
        assert.deepEqual(await bodies(bela, words.length), words);
        assert.equal(bodyOf(await anna.stanza(isChat)), "said into a dead connection");
        await bela.settled();
        assert.deepEqual((await ping(bela)).filter(isChat), []);
        assert.deepEqual((await ping(anna)).filter(isChat), []);
    });

    test("acks go on over a resumption", async () => {
        await bela.tear();
        await bela.resume();
        bela.send(chat(jid, "after it"));
        assert.equal(bodyOf(await anna.stanza(isChat)), "after it");
        await bela.settled();
    });

    test("a session that cannot be resumed begins anew", async () => {
        const guest = await logIn(peer, peerPassword);
        await guest.close();
        const before = guest.session;
        if (guest.sasl2) {
            await guest.resume();
            assert.notEqual(guest.session, before);
        } else {
            await assert.rejects(guest.resume(), /not resumed/);
        }
    });

    test("a stream ends from both sides with status 1000", async () => {
        const guest = await logIn(peer, peerPassword);
        assert.equal((await guest.close()).code, 1000);
    });
});

describe("errors", () => {
    async function ending(bytes) {
        const socket = new Socket(url);
        await socket.connect();
        socket.sendBytes(bytes);
        const frames = [];
        try {
            for (;;) {
                frames.push(await socket.next("the end"));
            }
        } catch {
            return { frames, code: (await socket.ended()).code };
        }
    }

    const opening = Buffer.concat([Buffer.from([0x87, 0xf6, 0x01, 0xf6, 0x60 + DOMAIN.length]), Buffer.from(DOMAIN),
        Buffer.from([0xf6, 0xf6, 0x63]), Buffer.from("1.0")]);

    function says({ frames, code }, condition, status) {
        const errors = frames.filter(({ kind }) => kind === "element").map((frame) => frame.element)
            .filter(({ name }) => name === "error");
        assert.equal(errors.length, 1);
        assert.ok(child(errors[0], STREAMS, condition), condition);
        assert.equal(frames.at(-1).kind, "close");
        assert.equal(code, status);
    }

    test("a frame that breaks a rule ends the stream", async () => {
        says(await ending(Buffer.concat([opening, Buffer.from("f7", "hex")])), "not-well-formed", 1007);
        says(await ending(Buffer.concat([opening, Buffer.from("8120", "hex")])), "not-well-formed", 1007);
    });

    test("a limit that is passed ends the stream", async () => {
        const deep = Buffer.concat([Buffer.alloc(2 * 300, Buffer.from([0x82, 0x12])), Buffer.from([0x12])]);
        says(await ending(Buffer.concat([opening, deep])), "policy-violation", 1009);
    });

    test("a text message closes with 1003", async () => {
        const socket = new Socket(url);
        await socket.connect();
        socket.socket.send("<open/>");
        assert.equal((await socket.ended()).code, 1003);
    });
});
