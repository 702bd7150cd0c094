# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A client that does only what it is told: for tests of acknowledgements, where a library's own would be in the way."""

import base64
import socket
import ssl
import struct
import xml.etree.ElementTree as ElementTree

from server import DOMAIN, PASSWORD

CLIENT = "{jabber:client}"
SM = "{urn:xmpp:sm:3}"
SID = "{urn:xmpp:sid:0}"
SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
STREAM = "{http://etherx.jabber.org/streams}"
STREAM_ERRORS = "{urn:ietf:params:xml:ns:xmpp-streams}"
STANZA_ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
STANZAS = (CLIENT + "message", CLIENT + "presence", CLIENT + "iq")
TIMEOUT = 15


class Closed(Exception):
    """The server ended the stream or the connection."""


class RawStream:
    """One connection and what the server says on it; nobody is logged in."""

    def __init__(self, server, domain=DOMAIN, wire="plain"):
        self.server = server
        self.domain = domain
        self.handled = 0
        self.connect(wire)

    def connect(self, wire):
        port = self.server.tls_port if wire == "direct" else self.server.port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        if wire == "direct":
            self.wrap()
        elif wire == "starttls":
            self.open()
            self.start_tls()

    def wrap(self):
        context = ssl.create_default_context(cafile=str(self.server.folder / "cert.pem"))
        self.socket = context.wrap_socket(self.socket, server_hostname=self.domain)

    def start_tls(self):
        self.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        answer = self.read()
        if not answer.tag.endswith("proceed"):
            raise PermissionError(ElementTree.tostring(answer))
        self.wrap()

    def header(self, text):
        """Begins a stream with these bytes; what comes back is read from its beginning."""
        self.parser = ElementTree.XMLPullParser(["start", "end"])
        self.depth = 0
        self.pending = []
        self.root = None
        self.ended = False
        self.send(text)

    def opening(self):
        return ("<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
                f"xmlns:stream='http://etherx.jabber.org/streams' to='{self.domain}' version='1.0'>")

    def open(self):
        """Begins a stream and returns its features."""
        self.header(self.opening())
        self.features = self.read()
        return self.features

    def authenticate(self, mechanism, payload):
        """<auth/>; returns the answer."""
        token = base64.b64encode(payload).decode()
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{mechanism}'>{token}</auth>")
        return self.read()

    def error(self):
        """The condition of the stream error that ends this stream; the connection ends behind it."""
        condition = self.until(STREAM + "error")[0].tag
        try:
            while True:
                self.read()
        except (Closed, OSError):
            pass
        self.socket.close()
        assert condition.startswith(STREAM_ERRORS), condition
        return condition.removeprefix(STREAM_ERRORS)

    def send(self, text):
        self.socket.sendall(text.encode())

    def read(self):
        """The next element of the stream."""
        while not self.pending:
            if self.ended:
                raise Closed("the stream is closed")
            data = self.socket.recv(65536)
            if not data:
                raise Closed("the connection is closed")
            self.parser.feed(data)
            for event, element in self.parser.read_events():
                self.root = element if self.root is None else self.root
                self.depth += 1 if event == "start" else -1
                if event == "end" and self.depth == 1:
                    self.pending.append(element)
                elif event == "end" and self.depth == 0:
                    self.ended = True
        element = self.pending.pop(0)
        if element.tag in STANZAS:
            self.handled += 1
        return element

    def until(self, tag):
        """Reads on to the first element with this tag."""
        while True:
            element = self.read()
            if element.tag == tag:
                return element

    def tear(self):
        """A reset: nothing is said, nothing more is read."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        try:
            self.send("</stream:stream>")
            while self.socket.recv(65536):
                pass
        except OSError:
            pass
        self.socket.close()


class RawClient(RawStream):
    """A stream on which an account logged in with PLAIN."""

    def __init__(self, server, user, resource="raw", wire="plain"):
        RawStream.__init__(self, server, wire=wire)
        self.jid = f"{user}@{DOMAIN}"
        self.user = user
        self.resource = resource
        self.open()
        answer = self.authenticate("PLAIN", f"\0{user}\0{PASSWORD}".encode())
        if not answer.tag.endswith("success"):
            self.socket.close()
            raise PermissionError(ElementTree.tostring(answer))
        self.open()

    @classmethod
    def anonymous(cls, server, domain):
        """A bound session without an account."""
        client = cls.__new__(cls)
        RawStream.__init__(client, server, domain)
        client.open()
        client.authenticate("ANONYMOUS", b"trace")
        client.open()
        client.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        answer = client.until(CLIENT + "iq")
        client.jid, client.resource = answer.findtext(".//{urn:ietf:params:xml:ns:xmpp-bind}jid").split("/")
        client.handled = 0
        return client

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

    def request(self, kind, payload, to=None, name="request"):
        """Sends an IQ and returns its answer; what comes before it is left for read()."""
        address = f" to='{to}'" if to else ""
        self.send(f"<iq type='{kind}' id='{name}'{address}>{payload}</iq>")
        aside = []
        while True:
            element = self.read()
            if element.tag == CLIENT + "iq" and element.get("id") == name and element.get("type") in ("result", "error"):
                self.put_back(aside)
                return element
            aside.append(element)

    def put_back(self, elements):
        self.pending = elements + self.pending
        self.handled -= sum(1 for one in elements if one.tag in STANZAS)

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
                self.put_back(aside)
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


def condition_of(stanza):
    """(type, condition) of the error in a stanza."""
    error = stanza.find(CLIENT + "error")
    assert error is not None, ElementTree.tostring(stanza)
    names = [one.tag.removeprefix(STANZA_ERRORS) for one in error if one.tag.startswith(STANZA_ERRORS)]
    return error.get("type"), next(name for name in names if name != "text")
