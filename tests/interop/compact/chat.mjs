// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0
//
// node --experimental-websocket chat.mjs URL JID PASSWORD PEER
//
// A client on the compact wire that chats with somebody on another one: says hello, prints each message that comes and
// answers it with its words in capitals, is cut off after the first and resumes, and ends when it was told to.

import { randomUUID } from "node:crypto";

import { Client } from "./client.mjs";
import { CLIENT, child, element, textOf } from "./element.mjs";

const [url, jid, password, peer] = process.argv.slice(2);
const SID = "urn:xmpp:sid:0";

function chat(body) {
    const id = randomUUID();
    return element(CLIENT, "message", { to: peer, type: "chat", id },
        [element(CLIENT, "body", {}, [body]), element(SID, "origin-id", { id })]);
}

const bodyOf = (stanza) => child(stanza, CLIENT, "body");
const client = await new Client({ url, jid, password }).logIn();
client.send(element(CLIENT, "presence"), chat("hello from the compact wire"));
for (let words = ""; words !== "that is all";) {
    const message = await client.stanza((stanza) => stanza.name === "message" && bodyOf(stanza));
    const first = words === "";
    words = textOf(bodyOf(message));
    console.log(words);
    client.send(chat(words.toUpperCase()));
    await client.settled();
    if (first) {
        const { session } = client;
        await client.tear();
        await client.resume();
        console.log(client.session === session ? "resumed" : "begun anew");
    }
}
await client.close();
