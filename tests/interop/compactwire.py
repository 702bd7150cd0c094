# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The raw client over the compact wire: the second implementation (compact/pipe.mjs) has the frames, in a process that
can be killed with the connection."""

import json
import os
import pathlib
import subprocess
import xml.etree.ElementTree as ElementTree

from raw import Closed, RawClient
from websocket import FRAMING, WebSocketStream

PIPE = pathlib.Path(__file__).parent / "compact" / "pipe.mjs"


class Pipe:
    """The process and its lines; it is closed by killing the process, and its connection with it."""

    def __init__(self, url):
        self.process = subprocess.Popen(
            ["node", "--experimental-websocket", PIPE, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "NODE_NO_WARNINGS": "1"})
        self.close_code = None
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        said = json.loads(line) if line else {"closed": self.close_code}
        if isinstance(said, dict) and "closed" in said:
            self.close_code = said["closed"]
            raise Closed("the connection is closed")
        return said

    def write(self, element):
        try:
            self.process.stdin.write(json.dumps(element) + "\n")
            self.process.stdin.flush()
        except ValueError as closed:
            raise OSError("the connection is closed") from closed

    def close(self):
        # Its output stays open for a thread that may be reading: it ends with the process.
        self.process.kill()
        self.process.wait()
        try:
            self.process.stdin.close()
        except OSError:
            pass  # a line that nobody took


class CompactStream(WebSocketStream):
    """A compact connection on which nobody is logged in."""

    def connect(self, wire):
        self.pending = []
        self.socket = Pipe(f"ws://127.0.0.1:{self.server.http_port}/xmpp-websocket")

    def put(self, element):
        self.socket.write(element)

    def read_message(self):
        while True:
            element = ElementTree.fromstring(self.socket.read())
            if element.tag != f"{{{FRAMING}}}close":
                return element

    def tear(self):
        self.socket.close()

    def end(self):
        try:
            while True:
                self.read()
        except Closed:
            pass
        self.socket.close()
        return self.socket.close_code


class CompactClient(CompactStream, RawClient):
    """A compact connection on which an account logged in with PLAIN."""

    def __init__(self, server, user, resource="raw"):
        RawClient.__init__(self, server, user, resource, "compact")
