// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// Sets converse.js up for the server that this page came from. Nothing of it is written here: the server tells its domain
// and where its wires are, relative to this page, so that it works behind a proxy and below any path.

const openMilliseconds = 5_000;

/** Where a relative reference leads, as another kind of address: "ws" stays secure where the page is. */
const resolve = (reference, scheme) => {
  const url = new URL(reference, document.baseURI);
  url.protocol = url.protocol.replace("http", scheme);
  return url.href;
};

/** Whether a WebSocket gets through. Some networks refuse it, others let it hang; converse.js waits for the latter. */
const opens = (url) =>
  new Promise((answer) => {
    const socket = new WebSocket(url, "xmpp");
    const timer = setTimeout(() => socket.close(), openMilliseconds);
    socket.onopen = () => (answer(true), socket.close());
    socket.onclose = () => (clearTimeout(timer), answer(false));
  });

/** converse.js lets a page define elements of its before it does. Its own have links and pictures of other sites. */
const replace = (name, fill) =>
  customElements.define(
    name,
    class extends HTMLElement {
      connectedCallback() {
        this.replaceChildren(...fill());
      }
    },
  );

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const furnish = (domain) => {
  replace("converse-controlbox-navbar", () => []);
  replace("converse-brand-logo", () => [
    make("img", { className: "brand-icon", src: "icon.svg", alt: "" }),
    make("span", { className: "brand-title" }, domain),
  ]);
  replace("converse-footer", () => [
    make("p", { className: "brand-footer" }, "This page is made with ",
      make("a", { href: "https://conversejs.org", target: "_blank", rel: "noopener noreferrer" }, "Converse.js"), "."),
  ]);
};

const notice = (text) => {
  const element = document.getElementById("notice");
  element.textContent = text;
  element.hidden = false;
};

const start = async () => {
  const response = await fetch("web-client.json");
  if (!response.ok) {
    throw new Error(`web-client.json: ${response.status}`);
  }
  const { domain, websocket, bosh } = await response.json();
  const webSocketUrl = resolve(websocket, "ws");
  furnish(domain);
  await window.converse.initialize({
    assets_path: new URL("converse", document.baseURI).pathname,
    view_mode: "fullscreen",
    theme: "classic",
    // Both wires of this server, and no looking for others.
    discover_connection_methods: false,
    websocket_url: (await opens(webSocketUrl)) ? webSocketUrl : undefined,
    bosh_service_url: resolve(bosh, "http"),
    locked_domain: domain,
    // What this server does not have is not offered.
    allow_registration: false,
    blacklisted_plugins: ["converse-omemo", "converse-omemo-views"],
    visible_toolbar_buttons: { call: false, clear: true, emoji: true, location: false, spoiler: false },
    // Nothing is asked of anybody else: no lists of providers, pictures or players of other sites.
    autocomplete_providers_url: null,
    xmpp_providers_url: null,
    providers_link: null,
    muc_search_service: null,
    render_media: false,
    embed_3rd_party_media_players: false,
    show_client_info: false,
    loglevel: "warn",
  });
};

start().catch((failure) => {
  console.error(failure);
  notice("This page could not reach its server. Please try again in a minute.");
});
