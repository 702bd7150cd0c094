# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The raw client over WebSocket (RFC 6455, RFC 7395): frames made by hand, so that they can be wrong."""

import base64
import hashlib
import os
import re
import socket
import struct
import xml.etree.ElementTree as ElementTree

from raw import STANZAS, TIMEOUT, Closed, RawClient, RawStream

FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(payload, opcode=TEXT, fin=True, masked=True):
    payload = payload.encode() if isinstance(payload, str) else payload
    head = bytes([(0x80 if fin else 0) | opcode])
    mask_bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([mask_bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([mask_bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([mask_bit | 127]) + struct.pack(">Q", len(payload))
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


class WebSocketStream(RawStream):
    """A WebSocket on which nobody is logged in."""

    subprotocol = "xmpp"
    kind = TEXT
    fields = {}

    def connect(self, wire):
        tls = wire == "wss"
        port = self.server.https_port if tls else self.server.http_port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
        if tls:
            self.wrap()
        self.incoming = b""
        self.pending = []
        self.close_code = None
        self.shake_hands()

    def shake_hands(self):
        key = base64.b64encode(os.urandom(16)).decode()
        fields = {"Host": self.domain, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key,
                  "Sec-WebSocket-Version": "13", "Sec-WebSocket-Protocol": self.subprotocol, **self.fields}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.socket.sendall(f"GET /xmpp-websocket HTTP/1.1\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self.incoming:
            self.receive()
        head, self.incoming = self.incoming.split(b"\r\n\r\n", 1)
        self.answer = head.decode()
        if not self.answer.startswith("HTTP/1.1 101 "):
            raise PermissionError(self.answer)
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        assert f"Sec-WebSocket-Accept: {accept}" in self.answer, self.answer
        assert f"Sec-WebSocket-Protocol: {self.subprotocol}\r\n" in self.answer + "\r\n", self.answer

    def receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise Closed("the connection is closed")
        self.incoming += data

    def take(self, count):
        while len(self.incoming) < count:
            self.receive()
        data, self.incoming = self.incoming[:count], self.incoming[count:]
        return data

    def read_frame(self):
        """(opcode, payload) of the next frame."""
        first, second = self.take(2)
        assert first & 0xf0 == 0x80 and second & 0x80 == 0, (first, second)
        size = second
        if size == 126:
            size = struct.unpack(">H", self.take(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.take(8))[0]
        return first & 0x0f, self.take(size)

    def send(self, text):
        # RFC 7395 §3.3.3: no header declares the content namespace.
        if re.match(r"<(message|presence|iq)\b", text) and "xmlns=" not in text.split(">", 1)[0]:
            text = re.sub(r"^<(\w+)", r"<\1 xmlns='jabber:client'", text)
        self.put(text)

    def put(self, element):
        self.socket.sendall(frame(self.encode(element), self.kind))

    def encode(self, element):
        """The message that says an element."""
        return element

    def decode(self, payload):
        """The elements of a message."""
        return [ElementTree.fromstring(payload.decode())]

    def open(self):
        self.send(f"<open xmlns='{FRAMING}' to='{self.domain}' version='1.0'/>")
        opened = self.read()
        assert opened.tag == f"{{{FRAMING}}}open", ElementTree.tostring(opened)
        self.features = self.read()
        return self.features

    def read(self):
        while not self.pending:
            self.pending = self.read_message()
        element = self.pending.pop(0)
        if element.tag in STANZAS:
            self.handled += 1
        return element

    def read_message(self):
        """The elements of the next message, but the one that ends the stream."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == self.kind:
                return [one for one in self.decode(payload) if one.tag != f"{{{FRAMING}}}close"]
            if opcode == PING:
                self.socket.sendall(frame(payload, PONG))
            elif opcode == CLOSE:
                self.close_code = struct.unpack(">H", payload[:2])[0] if payload else None
                raise Closed("the WebSocket is closed")

    def end(self):
        """Reads on to the end; returns the code of the close frame."""
        try:
            while True:
                self.read()
        except (Closed, OSError):
            pass
        self.socket.close()
        return self.close_code

    def close(self):
        try:
            self.send(f"<close xmlns='{FRAMING}'/>")
        except OSError:
            pass
        self.end()


class WebSocketClient(WebSocketStream, RawClient):
    """A WebSocket on which an account logged in with PLAIN."""

    def __init__(self, server, user, resource="raw", wire="ws"):
        RawClient.__init__(self, server, user, resource, wire)
