# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""slixmpp against the server under test, with books of what came in."""

import asyncio
import logging

import slixmpp

from server import DOMAIN, PASSWORD

logging.getLogger().setLevel(logging.ERROR)
STANZA_ID = "urn:xmpp:sid:0"
TIMEOUT = 15


class Client(slixmpp.ClientXMPP):
    def __init__(self, server, user, resource=None, plugins=(), mechanism=None, password=PASSWORD, domain=DOMAIN):
        jid = f"{user}@{domain}" if user else domain
        super().__init__(f"{jid}/{resource}" if resource else jid, password, sasl_mech=mechanism)
        self.tested = server
        self.received = []
        self.errors = []
        self.presences = []
        self.failed = None
        self.online = asyncio.Event()
        self.gone = asyncio.Event()
        self.enable_starttls = False
        self.enable_direct_tls = False
        self.enable_plaintext = True
        self["feature_mechanisms"].unencrypted_plain = True
        self["feature_mechanisms"].unencrypted_scram = True
        for plugin in plugins:
            self.register_plugin(plugin)
        self.add_event_handler("session_start", lambda _: self.online.set())
        self.add_event_handler("session_resumed", lambda _: self.online.set())
        self.add_event_handler("disconnected", lambda _: self.gone.set())
        self.add_event_handler("failed_all_auth", self._on_failed)
        self.add_event_handler("message", self._on_message)
        self.add_event_handler("message_error", lambda message: self.errors.append(message))
        self.add_event_handler("presence", lambda presence: self.presences.append(presence))

    def _on_failed(self, _):
        self.failed = True
        self.online.set()

    def _on_message(self, message):
        if message["type"] != "error":
            self.received.append(message)

    async def log_in(self, presence=True, priority=None, port=None):
        self.connect("127.0.0.1", port or self.tested.port)
        await asyncio.wait_for(self.online.wait(), TIMEOUT)
        if self.failed:
            raise PermissionError("the server refuses to log in " + self.boundjid.full)
        if presence:
            self.send_presence(ppriority=priority)
        return self

    async def log_out(self):
        await self.disconnect(wait=2.0)

    def tear(self):
        """The connection is reset below the client, which says nothing."""
        self.transport.abort()

    async def send_accepted(self, to, bodies):
        """Sends chat messages and waits for the ack that covers them all; needs the plugin xep_0198."""
        management = self["xep_0198"]
        # What it sends before that it does not count.
        await self.until(lambda: management.enabled_in, "<enabled/>")
        for body in bodies:
            self.send_message(to, body, mtype="chat")
        # Its <r/> would overtake what waits in its queue.
        await self.waiting_queue.join()
        management.request_ack()
        await self.until(lambda: not management.unacked_queue, "the ack")

    def bodies(self):
        return [message["body"] for message in self.received if message["body"]]

    async def until(self, condition, words="what was waited for"):
        """Waits for something that incoming stanzas make true."""
        async def poll():
            while not condition():
                await asyncio.sleep(0.01)
        try:
            await asyncio.wait_for(poll(), TIMEOUT)
        except asyncio.TimeoutError:
            raise AssertionError(f"{self.boundjid.full}: {words} did not happen; received {self.bodies()}") from None

    async def until_bodies(self, wanted):
        await self.until(lambda: len(self.bodies()) >= len(wanted), f"messages {wanted}")
        assert self.bodies() == wanted, f"{self.bodies()} instead of {wanted}"


def stanza_id(message, account):
    for child in message.xml.findall(f"{{{STANZA_ID}}}stanza-id"):
        if child.get("by") == account:
            return child.get("id")
    return None
