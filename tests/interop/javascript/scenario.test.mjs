// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What a chat is made of, with every library on every wire that it has. The other side is xmpp.js over TCP or WebSocket,
// so that no two of a chat are on one wire.
import assert from "node:assert/strict";
import test from "node:test";
import { boshUrl, jidOf, secureUrl, strophe, tcpUrl, webSocketUrl, xmppJs } from "./clients.mjs";
import { Network } from "./network.mjs";
import { stanza } from "./stanza.mjs";

const clients = [
  ["xmpp.js over TCP", "kurt", xmppJs, tcpUrl, webSocketUrl],
  ["xmpp.js over WebSocket", "lena", xmppJs, webSocketUrl, tcpUrl],
  ["strophe.js over WebSocket", "maria", strophe, webSocketUrl, tcpUrl],
  ["strophe.js over BOSH", "nora", strophe, boshUrl, tcpUrl],
  ["stanza over WebSocket", "otto", stanza, webSocketUrl, tcpUrl],
  ["stanza over BOSH", "paul", stanza, boshUrl, secureUrl],
];

/** Contacts see each other come. */
async function becomeContacts(one, peer) {
  const bare = (client) => client.address().split("/")[0];
  for (const [asking, asked] of [[one, peer], [peer, one]]) {
    await asking.presence({ to: bare(asked), type: "subscribe" });
    await asked.presenceOf(bare(asking), "subscribe");
    await asked.presence({ to: bare(asking), type: "subscribed" });
    await asking.presenceOf(asked.address());
  }
}

for (const [name, user, connect, url, peerUrl] of clients) {
  test(name, async () => {
    const network = await Network.open(url);
    const own = await connect(user, { url: network.url, resource: user });
    const peer = await xmppJs("anna", { url: peerUrl, resource: user });
    for (const one of [own, peer]) {
      await one.presence();
      await one.presenceOf(one.address());
    }
    await becomeContacts(own, peer);

    await own.say(jidOf("anna"), "ü 🐦 <&> from here");
    await peer.body("ü 🐦 <&> from here");
    await peer.say(own.address(), "ü 🐦 <&> from there");
    await own.body("ü 🐦 <&> from there");

    await own.carbons();
    const other = await xmppJs(user, { url: peerUrl, resource: "other" });
    await other.presence();
    await own.presenceOf(other.address());
    await peer.say(other.address(), "to another");
    await own.carbon("received", "to another");
    await other.say(peer.address(), "by another");
    await own.carbon("sent", "by another");
    await other.stop();
    await own.presenceOf(other.address(), "unavailable");

    network.cut();
    await peer.say(jidOf(user), "during the cut");
    await own.back();
    await own.body("during the cut");
    await own.say(jidOf("anna"), "behind the cut");
    await peer.body("behind the cut");
    assert.deepEqual(own.bodies(), ["ü 🐦 <&> from there", "during the cut"]);

    assert.deepEqual(await own.history(jidOf("anna")), ["ü 🐦 <&> from here", "ü 🐦 <&> from there", "to another", "by another",
      "during the cut", "behind the cut"]);
    const address = own.address();
    await own.stop();
    await peer.presenceOf(address, "unavailable");
    await peer.stop();
    network.close();
  });
}
