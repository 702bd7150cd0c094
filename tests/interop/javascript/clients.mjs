// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The clients, each with what a test asks of it: wait for something that comes in.
import WebSocket from "ws";
import xhr2 from "xhr2";
import { client, xml } from "@xmpp/client";

globalThis.WebSocket = WebSocket;
/** As in a browser, where an answer in XML is a document. */
globalThis.XMLHttpRequest = class extends xhr2 {
  constructor() {
    super();
    Object.defineProperty(this, "responseXML", {
      get: () => (this.responseText ? new DOMParser().parseFromString(this.responseText, "text/xml") : null),
      set: () => {},
    });
  }
};
// After the globals that it looks for.
const { Strophe, $msg, $pres, $iq } = await import("strophe.js");

Strophe.setLogLevel(Strophe.LogLevel.FATAL);

export { Strophe, $msg, $pres, $iq, xml };

const { GODWIT_DOMAIN: domain, GODWIT_PASSWORD: password } = process.env;
export const webSocketUrl = process.env.GODWIT_WS;
export const secureUrl = process.env.GODWIT_WSS;
export const boshUrl = process.env.GODWIT_BOSH;
export const jidOf = (user) => `${user}@${domain}`;

/** Remembers what came, and tells who waits for it. */
export class Inbox {
  #came = [];
  #waiting = [];

  /** What came so far, in order. */
  get came() {
    return this.#came;
  }

  add(item) {
    this.#came.push(item);
    this.#waiting = this.#waiting.filter(({ wanted, found }) => !(wanted(item) && (found(item), true)));
  }

  async until(wanted, what = "something", timeout = 20_000) {
    const here = this.#came.find(wanted);
    if (here) {
      return here;
    }
    return new Promise((found, fail) => {
      const timer = setTimeout(() => fail(new Error(`${what} did not come`)), timeout);
      this.#waiting.push({ wanted, found: (item) => (clearTimeout(timer), found(item)) });
    });
  }
}

/** @xmpp/client, logged in; `inbox` has its stanzas. */
export async function xmppJs(user, { url = webSocketUrl, resource = "js" } = {}) {
  // Its own two seconds for an answer are too few where everything else is tested at the same time.
  const session = client({ service: url, domain, username: user, password, resource, timeout: 20_000 });
  session.inbox = new Inbox();
  session.events = new Inbox();
  session.reconnect.delay = 50;
  session.on("error", () => {});
  session.on("stanza", (stanza) => session.inbox.add(stanza));
  session.streamManagement.on("resumed", () => session.events.add("resumed"));
  // It comes on its own, or inside of <success/>.
  session.on("nonza", () => setImmediate(() => session.streamManagement.enabled && session.events.add("enabled")));
  await session.start();
  // It forgets the count of what comes in the same moment as this answer, and could not resume with a smaller one.
  await session.events.until((event) => event === "enabled", "stream management");
  session.say = (to, body) =>
    session.send(xml("message", { to, type: "chat", id: body }, xml("body", {}, body)));
  session.body = (body) =>
    session.inbox.until((stanza) => stanza.is("message") && stanza.getChildText("body") === body, body);
  return session;
}

/** strophe.js, logged in; `inbox` has its stanzas. */
export async function strophe(user, { url = boshUrl, resource = "strophe", options = {} } = {}) {
  const connection = new Strophe.Connection(url, options);
  const inbox = new Inbox();
  const statuses = new Inbox();
  connection.connect(`${user}@${domain}/${resource}`, password, (status, condition) =>
    statuses.add({ status, condition }),
  );
  const { CONNECTED, AUTHFAIL, CONNFAIL, ERROR, DISCONNECTED } = Strophe.Status;
  const end = await statuses.until(
    ({ status }) => [CONNECTED, AUTHFAIL, CONNFAIL, ERROR, DISCONNECTED].includes(status),
    "the end of the login",
  );
  if (end.status !== CONNECTED) {
    throw new Error(`strophe.js: status ${end.status}, ${end.condition}`);
  }
  connection.addHandler((stanza) => (inbox.add(stanza), true));
  const bodyOf = (stanza) => stanza.getElementsByTagName("body")[0]?.textContent;
  return {
    connection,
    inbox,
    statuses,
    say: (to, body) => connection.send($msg({ to, type: "chat", id: body }).c("body").t(body)),
    body: (body) => inbox.until((stanza) => stanza.nodeName === "message" && bodyOf(stanza) === body, body),
    present: async () => {
      connection.send($pres());
      await inbox.until((stanza) => stanza.nodeName === "presence", "the presence");
    },
    stop: async () => {
      connection.disconnect("done");
      await statuses.until(({ status }) => status === DISCONNECTED, "the end");
    },
  };
}
