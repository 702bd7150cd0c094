# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The raw client over the compact wire. The second implementation (compact/pipe.mjs) makes messages and takes them
apart, in a process for all connections; the sockets are ours, so that they can be torn, and left unread."""

import itertools
import json
import pathlib
import subprocess
import threading
import xml.etree.ElementTree as ElementTree

from raw import RawClient
from websocket import BINARY, WebSocketStream

PIPE = pathlib.Path(__file__).parent / "compact" / "pipe.mjs"


class Codecs:
    """The process, which ends with ours; connections are numbers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.numbers = itertools.count()
        self.process = None

    def ask(self, **question):
        with self.lock:
            if not self.process:
                self.process = subprocess.Popen(["node", PIPE], text=True, stdin=subprocess.PIPE,
                                                stdout=subprocess.PIPE)
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        assert "error" not in answer, answer
        return answer

    def message(self, connection, element):
        return bytes.fromhex(self.ask(connection=connection, write=element)["message"])

    def elements(self, connection, message):
        texts = self.ask(connection=connection, read=message.hex())["elements"]
        return [ElementTree.fromstring(text) for text in texts]


CODECS = Codecs()


class CompactStream(WebSocketStream):
    """A compact connection on which nobody is logged in."""

    subprotocol = "godwit.v1"
    kind = BINARY

    def connect(self, wire):
        self.number = next(CODECS.numbers)
        super().connect(wire)

    def encode(self, element):
        return CODECS.message(self.number, element)

    def decode(self, payload):
        return CODECS.elements(self.number, payload)


class CompactClient(CompactStream, RawClient):
    """A compact connection on which an account logged in with PLAIN."""

    def __init__(self, server, user, resource="raw"):
        RawClient.__init__(self, server, user, resource, "compact")
