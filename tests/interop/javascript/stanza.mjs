// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// stanza (stanza.js), with the same calls as those of clients.mjs.
import { createClient } from "stanza";
import { Inbox, jidOf, webSocketUrl } from "./clients.mjs";

/** Logged in; `inbox` has its stanzas, as the objects that it makes of them. */
export async function stanza(user, { url = webSocketUrl, resource = "stanza" } = {}) {
  const isWebSocket = url.startsWith("ws");
  const client = createClient({
    jid: jidOf(user),
    password: process.env.GODWIT_PASSWORD,
    resource,
    transports: { websocket: isWebSocket && url, bosh: !isWebSocket && url },
    autoReconnect: true,
    maxReconnectBackoff: 1,
  });
  // It has two requests and lets the server hold both, which leaves none to send with until one is answered.
  client.transports.bosh = class extends client.transports.bosh {
    maxHoldOpen = 1;
  };
  const inbox = new Inbox();
  const events = new Inbox();
  // Its own "message" is what is inside a carbon, too.
  client.on("stream:data", (one, kind) => inbox.add({ kind, ...one }));
  for (const name of ["session:started", "stream:management:resumed", "auth:failed", "disconnected"]) {
    client.on(name, () => events.add(name));
  }
  client.connect();
  const end = await events.until((event) => event !== "stream:management:resumed", "the end of the login");
  if (end !== "session:started") {
    throw new Error(`stanza: ${end}`);
  }
  const messages = () => inbox.came.filter(({ kind, carbon, archive }) => kind === "message" && !carbon && !archive);
  return {
    client,
    inbox,
    address: () => client.jid,
    say: (to, body) => client.sendMessage({ to, body, type: "chat" }),
    body: (body) => inbox.until((one) => one.kind === "message" && one.body === body, body),
    bodies: () => messages().map(({ body }) => body).filter(Boolean),
    presence: (attributes = {}) => client.sendPresence(attributes),
    presenceOf: (from, type) =>
      inbox.until((one) => one.kind === "presence" && one.from === from && one.type === type, `presence of ${from}`),
    carbons: () => client.enableCarbons(),
    carbon: (direction, body) =>
      inbox.until(
        ({ carbon }) => carbon?.type === direction && carbon.forward.message.body === body,
        `carbon of ${body}`,
      ),
    history: async (peer) => {
      const { results } = await client.searchHistory({ with: peer });
      return results.map(({ item }) => item.message.body).filter(Boolean);
    },
    /** Over BOSH it sends again what was not answered. */
    back: async () => {
      if (isWebSocket) {
        await events.until((event) => event === "stream:management:resumed", "the resumption");
      }
    },
    stop: async () => {
      // Over BOSH it takes the answers of its two requests as they come, the one that ends the session first for one, and
      // waits for ever when it wants to answer the other.
      client.transport.on("error", () => {});
      const gone = new Promise((done) => client.once(isWebSocket ? "disconnected" : "bosh:terminate", done));
      client.disconnect();
      await gone;
    },
  };
}
