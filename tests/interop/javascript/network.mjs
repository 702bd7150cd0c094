// SPDX-FileCopyrightText: 2026 The Godwit authors
// SPDX-License-Identifier: MPL-2.0

// What lies between a client and the server: passes bytes on, whatever they are. It may cut what it carries, and may
// refuse WebSockets, as some proxies do.
import net from "node:net";
import { once } from "node:events";

const asksForWebSocket = (bytes) => /^GET [^]*\r\nupgrade: websocket\r\n/i.test(bytes.toString("latin1"));

export class Network {
  #server;
  #sockets = new Set();

  /** Leads to the host and port of `target`. */
  static async open(target, { webSockets = true } = {}) {
    const network = new Network();
    const { hostname, port } = new URL(target);
    network.#server = net.createServer((near) => network.#join(near, net.connect(port, hostname), webSockets));
    network.#server.listen(0, "127.0.0.1");
    await once(network.#server, "listening");
    const here = new URL(target);
    here.port = network.#server.address().port;
    /** The target as it is reached from here. */
    network.url = here.href;
    return network;
  }

  #join(near, far, webSockets) {
    near.on("data", (bytes) => {
      if (!webSockets && asksForWebSocket(bytes)) {
        near.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      } else {
        far.write(bytes);
      }
    });
    far.on("data", (bytes) => near.write(bytes));
    for (const [from, to] of [[near, far], [far, near]]) {
      this.#sockets.add(from);
      from.on("end", () => to.end());
      from.on("error", () => to.destroy());
      from.on("close", () => (this.#sockets.delete(from), to.destroy()));
    }
  }

  /** Resets all that is open; new connections get through. */
  cut() {
    for (const socket of this.#sockets) {
      socket.resetAndDestroy();
    }
  }

  close() {
    this.#server.close();
    this.cut();
  }
}
