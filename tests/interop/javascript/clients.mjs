// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The clients of libraries that we did not write. All can be asked for the same, so that one scenario does for all:
// address() that the server gave; say(to, body), body(body), bodies(); presence({to, type}), presenceOf(jid, type); carbons(), carbon(direction, body);
// history(jid); back() after a cut; stop(). What waits for something to come fails when it does not come.
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
export const tcpUrl = process.env.GODWIT_TCP;
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

const CARBONS = "urn:xmpp:carbons:2";
const FORWARD = "urn:xmpp:forward:0";
const MAM = "urn:xmpp:mam:2";
const FORM = "jabber:x:data";

/** @xmpp/client, logged in; `inbox` has its stanzas. */
export async function xmppJs(user, { url = webSocketUrl, resource = "js" } = {}) {
  // Its own two seconds for an answer are too few where everything else is tested at the same time.
  const session = client({ service: url, domain, username: user, password, resource, timeout: 20_000 });
  const inbox = new Inbox();
  const events = new Inbox();
  session.reconnect.delay = 50;
  session.on("error", () => {});
  session.on("stanza", (stanza) => inbox.add(stanza));
  session.streamManagement.on("resumed", () => events.add("resumed"));
  // It comes on its own, or inside of <success/>.
  session.on("nonza", () => setImmediate(() => session.streamManagement.enabled && events.add("enabled")));
  await session.start();
  // It forgets the count of what comes in the same moment as this answer, and could not resume with a smaller one.
  await events.until((event) => event === "enabled", "stream management");
  const forwarded = (stanza, name, ns) => stanza.getChild(name, ns)?.getChild("forwarded", FORWARD)?.getChild("message");
  const isMessage = (body) => (stanza) => stanza.is("message") && stanza.getChildText("body") === body;
  return Object.assign(session, {
    inbox,
    events,
    address: () => session.jid.toString(),
    say: (to, body) => session.send(xml("message", { to, type: "chat", id: body }, xml("body", {}, body))),
    body: (body) => inbox.until(isMessage(body), body),
    bodies: () => inbox.came.filter((one) => one.is("message")).map((one) => one.getChildText("body")).filter(Boolean),
    presence: (attributes = {}) => session.send(xml("presence", attributes)),
    presenceOf: (from, type) =>
      inbox.until((one) => one.is("presence") && one.attrs.from === from && one.attrs.type === type, `presence of ${from}`),
    carbons: () => session.iqCaller.set(xml("enable", CARBONS)),
    carbon: (direction, body) =>
      inbox.until((one) => forwarded(one, direction, CARBONS)?.getChildText("body") === body, `carbon of ${body}`),
    history: async (peer) => {
      const field = (name, value) => xml("field", { var: name }, xml("value", {}, value));
      const form = xml("x", { xmlns: FORM, type: "submit" }, field("FORM_TYPE", MAM), field("with", peer));
      await session.iqCaller.set(xml("query", { xmlns: MAM, queryid: "history" }, form));
      return inbox.came.map((one) => forwarded(one, "result", MAM)?.getChildText("body")).filter(Boolean);
    },
    back: () => events.until((event) => event === "resumed", "the resumption"),
  });
}

/** strophe.js, logged in; `inbox` has its stanzas. */
export async function strophe(user, { url = boshUrl, resource = "strophe" } = {}) {
  // It manages streams over WebSocket only.
  const connection = new Strophe.Connection(url, { enableStreamManagement: true });
  const inbox = new Inbox();
  let statuses = new Inbox();
  const { CONNECTED, AUTHFAIL, CONNFAIL, ERROR, DISCONNECTED } = Strophe.Status;
  const logIn = async () => {
    statuses = new Inbox();
    const told = statuses;
    connection.connect(`${user}@${domain}/${resource}`, password, (status, condition) => {
      if (status === CONNECTED) {
        // At once: what follows a resumption may come in the same turn.
        connection.addHandler((stanza) => (inbox.add(stanza), true));
      }
      told.add({ status, condition });
    });
    const end = await told.until(
      ({ status }) => [CONNECTED, AUTHFAIL, CONNFAIL, ERROR, DISCONNECTED].includes(status),
      "the end of the login",
    );
    if (end.status !== CONNECTED) {
      throw new Error(`strophe.js: status ${end.status}, ${end.condition}`);
    }
  };
  await logIn();
  const bodyOf = (stanza) => stanza?.getElementsByTagName("body")[0]?.textContent;
  const inside = (stanza, name, ns) => stanza.getElementsByTagNameNS(ns, name)[0];
  const ask = (iq) => new Promise((done, fail) => connection.sendIQ(iq, done, fail, 20_000));
  /** Messages that came themselves, not inside others. */
  const isOwn = (one) => one.nodeName === "message" && !inside(one, "forwarded", FORWARD);
  return {
    connection,
    inbox,
    address: () => connection.jid,
    say: (to, body) => connection.send($msg({ to, type: "chat", id: body }).c("body").t(body)),
    body: (body) => inbox.until((one) => isOwn(one) && bodyOf(one) === body, body),
    bodies: () => inbox.came.filter(isOwn).map(bodyOf).filter(Boolean),
    presence: (attributes = {}) => connection.send($pres(attributes)),
    presenceOf: (from, type) =>
      inbox.until(
        (one) =>
          one.nodeName === "presence" && one.getAttribute("from") === from && (one.getAttribute("type") ?? undefined) === type,
        `presence of ${from}`,
      ),
    carbons: () => ask($iq({ type: "set" }).c("enable", { xmlns: CARBONS })),
    carbon: (direction, body) =>
      inbox.until((one) => inside(one, direction, CARBONS) && bodyOf(one) === body, `carbon of ${body}`),
    history: async (peer) => {
      const query = $iq({ type: "set" }).c("query", { xmlns: MAM }).c("x", { xmlns: FORM, type: "submit" });
      query.c("field", { var: "FORM_TYPE" }).c("value").t(MAM).up().up();
      await ask(query.c("field", { var: "with" }).c("value").t(peer));
      return inbox.came.filter((one) => inside(one, "result", MAM)).map(bodyOf).filter(Boolean);
    },
    /** Over BOSH it sends again what was not answered; a WebSocket it leaves to its user. */
    back: async () => {
      if (url.startsWith("ws")) {
        await statuses.until(({ status }) => status === DISCONNECTED, "the cut");
        await logIn();
        if (!connection.hasResumed()) {
          throw new Error("strophe.js has not resumed");
        }
      }
    },
    stop: async () => {
      connection.disconnect("done");
      await statuses.until(({ status }) => status === DISCONNECTED, "the end");
    },
  };
}
