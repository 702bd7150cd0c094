// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// strophe.js over BOSH: what it does more than scenario.test.mjs asks.
import assert from "node:assert/strict";
import test from "node:test";
import { jidOf, strophe, xmppJs } from "./clients.mjs";

test("BOSH: many messages keep their order", async () => {
  const fritz = await strophe("fritz");
  const anna = await xmppJs("anna", { resource: "many" });
  await anna.presence();
  await anna.presenceOf(anna.address());
  fritz.presence();
  await fritz.presenceOf(fritz.address());
  for (let i = 0; i < 30; ++i) {
    await anna.say(jidOf("fritz"), `down ${i}`);
    fritz.say(anna.address(), `up ${i}`);
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
