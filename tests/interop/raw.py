# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A client that does only what it is told: for tests of acknowledgements, where a library's own would be in the way."""

import base64
import socket
import struct
import xml.etree.ElementTree as ElementTree

from server import DOMAIN, PASSWORD

CLIENT = "{jabber:client}"
SM = "{urn:xmpp:sm:3}"
SID = "{urn:xmpp:sid:0}"
TIMEOUT = 15


class Closed(Exception):
    """The server ended the stream or the connection."""


class RawClient:
    def __init__(self, server, user, resource="raw"):
        self.jid = f"{user}@{DOMAIN}"
        self.user = user
        self.resource = resource
        self.handled = 0
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT)
        self._open()
        token = base64.b64encode(f"\0{user}\0{PASSWORD}".encode()).decode()
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>")
        answer = self.read()
        if not answer.tag.endswith("success"):
            self.socket.close()
            raise PermissionError(ElementTree.tostring(answer))
        self._open()

    def _open(self):
        self.parser = ElementTree.XMLPullParser(["start", "end"])
        self.depth = 0
        self.pending = []
        self.send("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                  f"xmlns:stream='http://etherx.jabber.org/streams' to='{DOMAIN}' version='1.0'>")
        self.features = self.read()

    def send(self, text):
        self.socket.sendall(text.encode())

    def read(self):
        """The next element of the stream."""
        while not self.pending:
            data = self.socket.recv(65536)
            if not data:
                raise Closed("the connection is closed")
            self.parser.feed(data)
            for event, element in self.parser.read_events():
                self.depth += 1 if event == "start" else -1
                if event == "end" and self.depth == 1:
                    self.pending.append(element)
                elif event == "end" and self.depth == 0:
                    raise Closed("the stream is closed")
        element = self.pending.pop(0)
        if element.tag in (CLIENT + "message", CLIENT + "presence", CLIENT + "iq"):
            self.handled += 1
        return element

    def until(self, tag):
        """Reads on to the first element with this tag."""
        while True:
            element = self.read()
            if element.tag == tag:
                return element

    def bind(self):
        self.send(f"<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                  f"<resource>{self.resource}</resource></bind></iq>")
        answer = self.until(CLIENT + "iq")
        assert answer.get("type") == "result", ElementTree.tostring(answer)
        self.handled = 0
        return self

    def enable(self):
        """XEP-0198 with resumption; returns the id to resume with."""
        self.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        enabled = self.until(SM + "enabled")
        self.handled = 0
        return enabled.get("id")

    def presence(self, priority=0):
        self.send(f"<presence><priority>{priority}</priority></presence>")
        return self

    def resume(self, previous, handled):
        self.send(f"<resume xmlns='urn:xmpp:sm:3' previd='{previous}' h='{handled}'/>")
        answer = self.read()
        if answer.tag == SM + "resumed":
            self.handled = handled
        return answer

    def message(self, to, body, origin=None, extra=""):
        origin_id = f"<origin-id xmlns='urn:xmpp:sid:0' id='{origin}'/>" if origin else ""
        self.send(f"<message to='{to}' type='chat' id='{origin or body}'><body>{body}</body>{origin_id}{extra}</message>")

    def request_ack(self):
        """Asks for an ack and returns its h; stanzas that come before it are put aside for read()."""
        self.send("<r xmlns='urn:xmpp:sm:3'/>")
        aside = []
        while True:
            element = self.read()
            if element.tag == SM + "a":
                self.pending = aside + self.pending
                self.handled -= sum(1 for one in aside if one.tag.startswith(CLIENT))
                return int(element.get("h"))
            aside.append(element)

    def acked(self, count):
        """Waits until the server accepted `count` stanzas."""
        while self.request_ack() < count:
            pass

    def ack(self):
        self.send(f"<a xmlns='urn:xmpp:sm:3' h='{self.handled}'/>")

    def bodies(self, count):
        """(body, stanza-id) of the next `count` messages with a body."""
        found = []
        while len(found) < count:
            message = self.until(CLIENT + "message")
            assert message.get("type") != "error", ElementTree.tostring(message)
            body = message.findtext(CLIENT + "body")
            if body:
                found.append((body, self.stanza_id(message)))
        return found

    def stanza_id(self, message):
        for child in message.findall(SID + "stanza-id"):
            if child.get("by") == self.jid:
                return child.get("id")
        return None

    def tear(self):
        """A reset: nothing is said, nothing more is read."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        try:
            self.send("</stream:stream>")
            while True:
                self.read()
        except (Closed, OSError):
            pass
        self.socket.close()
