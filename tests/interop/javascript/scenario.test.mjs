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
async function becomeContacts(one, oneJid, peer, peerJid) {
  const bare = (jid) => jid.split("/")[0];
  for (const [asking, askingJid, asked, askedJid] of [[one, oneJid, peer, peerJid], [peer, peerJid, one, oneJid]]) {
    await asking.presence({ to: bare(askedJid), type: "subscribe" });
    await asked.presenceOf(bare(askingJid), "subscribe");
    await asked.presence({ to: bare(askingJid), type: "subscribed" });
    await asking.presenceOf(askedJid);
  }
}

for (const [name, user, connect, url, peerUrl] of clients) {
  test(name, async () => {
    const network = await Network.open(url);
    const [ownJid, peerJid, otherJid] = [`${jidOf(user)}/${user}`, `${jidOf("anna")}/${user}`, `${jidOf(user)}/other`];
    const own = await connect(user, { url: network.url, resource: user });
    const peer = await xmppJs("anna", { url: peerUrl, resource: user });
    for (const [one, jid] of [[own, ownJid], [peer, peerJid]]) {
      await one.presence();
      await one.presenceOf(jid);
    }
    await becomeContacts(own, ownJid, peer, peerJid);

    await own.say(jidOf("anna"), "ü 🐦 <&> from here");
    await peer.body("ü 🐦 <&> from here");
    await peer.say(ownJid, "ü 🐦 <&> from there");
    await own.body("ü 🐦 <&> from there");

    await own.carbons();
    const other = await xmppJs(user, { url: peerUrl, resource: "other" });
    await other.presence();
    await own.presenceOf(otherJid);
    await peer.say(otherJid, "to another");
    await own.carbon("received", "to another");
    await other.say(peerJid, "by another");
    await own.carbon("sent", "by another");
    await other.stop();
    await own.presenceOf(otherJid, "unavailable");

    network.cut();
    await peer.say(jidOf(user), "during the cut");
    await own.back();
    await own.body("during the cut");
    await own.say(jidOf("anna"), "behind the cut");
    await peer.body("behind the cut");
    assert.deepEqual(own.bodies(), ["ü 🐦 <&> from there", "during the cut"]);

    assert.deepEqual(await own.history(jidOf("anna")), ["ü 🐦 <&> from here", "ü 🐦 <&> from there", "to another", "by another",
      "during the cut", "behind the cut"]);
    await own.stop();
    await peer.presenceOf(ownJid, "unavailable");
    await peer.stop();
    network.close();
  });
}
