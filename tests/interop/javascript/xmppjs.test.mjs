// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// @xmpp/client (xmpp.js) over WebSocket: what it does more than scenario.test.mjs asks.
import assert from "node:assert/strict";
import test from "node:test";
import { jidOf, secureUrl, xml, xmppJs } from "./clients.mjs";

test("chats in both directions, with and without TLS", async () => {
  const anna = await xmppJs("anna");
  const bert = await xmppJs("bert", { url: secureUrl });
  await anna.presence();
  await bert.presence();
  await anna.say(jidOf("bert"), "hello ü 🐦");
  const got = await bert.body("hello ü 🐦");
  assert.equal(got.attrs.from, anna.jid.toString());
  assert.ok(got.getChild("stanza-id", "urn:xmpp:sid:0"));
  await bert.say(got.attrs.from, "and back");
  await anna.body("and back");
  await anna.stop();
  await bert.stop();
});

test("asks and is answered", async () => {
  const dora = await xmppJs("dora");
  const answer = await dora.iqCaller.get(xml("ping", "urn:xmpp:ping"), jidOf("dora").split("@")[1]);
  assert.equal(answer, undefined);
  const roster = await dora.iqCaller.get(xml("query", "jabber:iq:roster"));
  assert.ok(roster.is("query"));
  await dora.stop();
});
