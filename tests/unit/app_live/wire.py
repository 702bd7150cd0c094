# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A wire between client and server that can be held, torn and falsified."""

import re
import socket
import struct
import threading
import xml.etree.ElementTree as ElementTree

ACK = re.compile(rb"<a [^>]*\bh=['\"](\d+)")


class Wire:
    """Listens on a loopback port and passes bytes on to the server."""

    def __init__(self, server):
        host, port = server.rsplit(":", 1)
        self.server = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.pairs = []
        self.sent = b""  # by the client, over all connections
        self.received = b""
        self.falsify = None  # bytes of the server -> bytes for the client
        self.deaf = threading.Event()  # set: what the server says does not arrive
        self.mute = threading.Event()  # set: what the client says does not arrive
        self.cut = None  # once the client says these bytes, mute is set before them
        self.closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self.server, timeout=5)
                server.settimeout(None)
            except OSError:
                client.close()
                continue
            with self.lock:
                self.pairs.append((client, server))
            threading.Thread(target=self._pass, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, False), daemon=True).start()

    def _pass(self, source, target, from_client):
        try:
            while data := source.recv(65536):
                if from_client:
                    self.sent += data
                    if self.cut and self.cut in data:
                        target.sendall(data[:data.index(self.cut)])
                        self.cut = None
                        self.mute.set()
                    if self.mute.is_set():
                        continue
                else:
                    if self.deaf.is_set():
                        continue
                    if self.falsify:
                        data = self.falsify(data)
                target.sendall(data)
                if not from_client:
                    self.received += data
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        """Nobody listens any more."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def tear(self):
        """Both ends get a reset, as when a network goes away."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()

    def acknowledged(self):
        """Whether the last ack of the server covers all that the client sent since <enable/>, on one connection."""
        stream = re.split(rb"<enable [^>]*urn:xmpp:sm:3", self.sent)[-1]
        acks = ACK.findall(self.received)
        return bool(acks) and int(acks[-1]) == len(re.findall(rb"<(?:message|presence|iq)[ />]", stream))

    def received_count(self):
        """How many stanzas the server sent since <enabled/>, on one connection."""
        parser = ElementTree.XMLPullParser(["start", "end"])
        # With SASL2 <enabled/> stands in <success/>, and no new stream begins behind it.
        behind = re.split(rb"<enabled [^>]*>", self.received)[-1].split(b"</success>")[-1]
        parser.feed(b"<stream xmlns:stream='http://etherx.jabber.org/streams'>" + behind)
        depth = count = 0
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            count += event == "end" and depth == 1 and element.tag in ("message", "presence", "iq")
        return count

    def bodies_sent(self):
        return re.findall(rb"<body>([^<]*)</body>", self.sent)
