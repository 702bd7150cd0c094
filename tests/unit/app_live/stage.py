# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What a play of terminals on a real server begins with."""

import shutil
import tempfile

from godwitd import Godwitd
from prosody import Prosody
from terminal import Terminal


class Stage:
    """A server with two accounts, and the terminals that were opened on it."""

    def __init__(self, program, godwitd=None, **server):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="godwit-live-")
        self.server = Godwitd(self.folder, godwitd, **server) if godwitd else Prosody(self.folder, **server)
        self.server.add_user("alice", "secret-a")
        self.server.add_user("bob", "secret-b")
        self.server.start()
        self.terminals = []

    def open(self, name, peer, device="", server=None, more=(), password=None):
        terminal = Terminal(self.program, f"{self.folder}/{name}{device}", server or self.server.address,
                            f"{name}@localhost", password or f"secret-{name[0]}", f"{peer}@localhost", more)
        self.terminals.append(terminal)
        return terminal

    def pair(self, alice=None, bob=None, more=()):
        """Both with what they missed, so that what one says is news to the other. The values are servers."""
        a = self.open("alice", "bob", server=alice, more=more)
        b = self.open("bob", "alice", server=bob)
        a.wait_for("^synced")
        b.wait_for("^synced")
        return a, b

    def close(self):
        for terminal in self.terminals:
            if terminal.process.poll() is None:
                terminal.kill()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell(self):
        for terminal in self.terminals:
            print("--- " + " ".join(terminal.process.args[1:5]))
            print("\n".join(terminal.lines))
            print(terminal.errors.decode(), end="")
