// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// strophe.js over BOSH and over WebSocket.
import assert from "node:assert/strict";
import test from "node:test";
import { jidOf, strophe, webSocketUrl, xml, xmppJs } from "./clients.mjs";

for (const [name, url] of [["BOSH", undefined], ["WebSocket", webSocketUrl]]) {
  test(`${name}: chats in both directions with xmpp.js`, async () => {
    const emil = await strophe("emil", { url });
    const anna = await xmppJs("anna", { resource: name });
    await anna.send(xml("presence"));
    await emil.present();
    await anna.say(jidOf("emil"), `to strophe by ${name}`);
    await emil.body(`to strophe by ${name}`);
    emil.say(`${jidOf("anna")}/${name}`, `from strophe ü 🐦 by ${name}`);
    await anna.body(`from strophe ü 🐦 by ${name}`);
    await emil.stop();
    await anna.stop();
  });
}

test("BOSH: many messages keep their order", async () => {
  const fritz = await strophe("fritz");
  const anna = await xmppJs("anna", { resource: "many" });
  await anna.send(xml("presence"));
  await fritz.present();
  for (let i = 0; i < 30; ++i) {
    await anna.say(jidOf("fritz"), `down ${i}`);
    fritz.say(`${jidOf("anna")}/many`, `up ${i}`);
  }
  await fritz.body("down 29");
  await anna.body("up 29");
  const numbers = Array.from({ length: 30 }, (_, i) => i);
  const downs = fritz.inbox.came.map((stanza) => stanza.textContent).filter((text) => text.startsWith("down "));
  assert.deepEqual(downs, numbers.map((i) => `down ${i}`));
  const ups = anna.inbox.came.map((stanza) => stanza.getChildText("body")).filter((text) => text?.startsWith("up "));
  assert.deepEqual(ups, numbers.map((i) => `up ${i}`));
  await fritz.stop();
  await anna.stop();
});
