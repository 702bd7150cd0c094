// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// The web page that godwitd serves (packaging/web) in Chromium, used as a person does, by what is on the screen. The
// other side is xmpp.js over TCP.
import assert from "node:assert/strict";
import path from "node:path";
import test, { after, before } from "node:test";
import { chromium } from "playwright-core";
import { jidOf, xml, xmppJs } from "./clients.mjs";
import { Network } from "./network.mjs";

const { GODWIT_PAGE: pageUrl, GODWIT_TCP: tcpUrl, GODWIT_PASSWORD: password, GODWIT_SCREENSHOTS: pictures } = process.env;
/** converse.js keeps a list of emoji in PEP, which this server does not have yet, and writes the answer down. */
const asksForPep = (words) => /^<iq [^>]*type="error"[^>]*><error [^>]*><service-unavailable/.test(words);

let browser;
let anna;

before(async () => {
  // Chromium's own sandbox needs a user that is not root.
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  anna = await xmppJs("anna", { url: tcpUrl, resource: "tcp" });
  await anna.send(xml("presence"));
});
after(async () => {
  await anna?.stop();
  await browser?.close();
});

/** What a page asked for, and what went wrong in it. */
class Books {
  wrong = new Set();
  foreign = new Set();
  boshRequests = 0;
  webSockets = 0;
  frames = "";

  constructor(page, url) {
    page.on("console", (message) => message.type() === "error" && this.wrong.add(message.text()));
    page.on("pageerror", (error) => this.wrong.add(String(error)));
    page.on("request", (request) => {
      const at = new URL(request.url());
      if (["http:", "https:"].includes(at.protocol) && at.origin !== new URL(url).origin) {
        this.foreign.add(request.url());
      }
      this.boshRequests += at.pathname === "/http-bind";
    });
    page.on("websocket", (socket) => {
      ++this.webSockets;
      socket.on("framereceived", ({ payload }) => (this.frames += payload));
    });
  }

  /** Fails when a console shows more than what is expected of this test. */
  check(expected = () => false) {
    const wrong = [...this.wrong].filter((words) => !asksForPep(words) && !expected(words));
    assert.deepEqual(wrong, [], "errors in the console");
    assert.deepEqual([...this.foreign], [], "requests to others");
  }
}

/** A browser of its own, without anything remembered, with the page in it. */
async function visit(url = pageUrl, { width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB", colorScheme: "light" });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const books = new Books(page, url);
  await page.addInitScript(() =>
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    ),
  );
  await page.goto(url);
  return { page, books, close: () => context.close() };
}

async function logIn(page, user) {
  await page.fill("input[name=jid]", user);
  await page.fill("input[name=password]", password);
  await page.click("#converse-login button[type=submit]");
  await page.waitForSelector("converse-user-profile");
}

async function chatWith(page, user) {
  await page.evaluate((hash) => (location.hash = hash), `converse/chat?jid=${jidOf(user)}`);
  await page.waitForSelector("textarea.chat-textarea");
}

async function say(page, body) {
  await page.fill("textarea.chat-textarea", body);
  await page.press("textarea.chat-textarea", "Enter");
}

const shown = (page, body) => page.locator(".chat-msg__text").filter({ hasText: body });
const bodies = async (page) => (await page.locator(".chat-msg__text").allInnerTexts()).map((text) => text.trim());
const picture = (page, name) => page.screenshot({ path: path.join(pictures, `web-${name}.png`), animations: "disabled" });

/** Each sees what the other writes. */
async function talk(page, user, words) {
  await say(page, `page: ${words}`);
  await anna.body(`page: ${words}`);
  await anna.say(jidOf(user), `TCP: ${words} ü 🐦`);
  await shown(page, `TCP: ${words} ü 🐦`).waitFor();
}

test("comes packed", async () => {
  const { headers, body } = await fetch(new URL("converse/converse.min.js", pageUrl));
  assert.equal(headers.get("content-encoding"), "gzip");
  assert.ok(Number(headers.get("content-length")) < 500_000);
  await body.cancel();
});

test("chats over WebSocket, and remembers", async () => {
  const { page, books, close } = await visit();
  await page.waitForSelector("input[name=jid]");
  await picture(page, "login");
  await logIn(page, "gerda");
  await chatWith(page, "anna");
  await talk(page, "gerda", "hello");
  await picture(page, "chat");
  await page.goto("about:blank");
  await anna.say(jidOf("gerda"), "while the page was closed");
  await page.goto(pageUrl);
  await page.waitForSelector("converse-user-profile");
  await chatWith(page, "anna");
  await shown(page, "while the page was closed").waitFor();
  const all = ["page: hello", "TCP: hello ü 🐦", "while the page was closed"];
  assert.deepEqual(await bodies(page), all);
  assert.equal(books.boshRequests, 0);
  books.check();
  await close();
  // Another browser has all of it from the archive.
  const other = await visit();
  await logIn(other.page, "gerda");
  await chatWith(other.page, "anna");
  await shown(other.page, all[2]).waitFor();
  assert.deepEqual(await bodies(other.page), all);
  other.books.check();
  await other.close();
});

test("resumes after a cut, and misses nothing", async () => {
  const network = await Network.open(pageUrl, { webSockets: true });
  const { page, books, close } = await visit(network.url);
  await logIn(page, "hanna");
  await chatWith(page, "anna");
  await talk(page, "hanna", "before the cut");
  network.cut();
  await anna.say(jidOf("hanna"), "during the cut");
  await shown(page, "during the cut").waitFor();
  await talk(page, "hanna", "behind the cut");
  assert.match(books.frames, /<resumed /);
  assert.deepEqual(await bodies(page), ["page: before the cut", "TCP: before the cut ü 🐦", "during the cut",
    "page: behind the cut", "TCP: behind the cut ü 🐦"]);
  books.check((words) => words === "Websocket closed unexpectedly");
  await close();
  network.close();
});

test("falls back to BOSH where WebSockets do not get through", async () => {
  const network = await Network.open(pageUrl, { webSockets: false });
  const { page, books, close } = await visit(network.url);
  await logIn(page, "ida");
  await chatWith(page, "anna");
  await talk(page, "ida", "by BOSH");
  await page.reload();
  await chatWith(page, "anna");
  await talk(page, "ida", "by BOSH again");
  assert.deepEqual(await bodies(page), ["page: by BOSH", "TCP: by BOSH ü 🐦", "page: by BOSH again", "TCP: by BOSH again ü 🐦"]);
  assert.ok(books.boshRequests > 4);
  assert.equal(books.frames, "");
  books.check((words) => /^WebSocket connection to '[^']*' failed/.test(words));
  await close();
  network.close();
});

test("fits a phone", async () => {
  const { page, books, close } = await visit(pageUrl, { width: 360, height: 720 });
  await page.waitForSelector("input[name=jid]");
  await picture(page, "login-phone");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  await logIn(page, "jana");
  await chatWith(page, "anna");
  await talk(page, "jana", "on a phone");
  await picture(page, "chat-phone");
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 360);
  books.check();
  await close();
});
