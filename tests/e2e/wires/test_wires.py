# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""`godwit --console` over each wire, on a real server that is killed and started again in between: nothing is lost,
nothing is shown twice, everything is in order."""

import os
import re
import time
import unittest

from stage import Stage
from wire import Wire

GODWIT = os.environ["GODWIT"]
WORDS = {"tcp": "not encrypted", "websocket": "not encrypted, WebSocket", "compact": "not encrypted, compact"}


def texts(terminal):
    return [line.split(" ", 4)[4] for line in terminal.matching("^in ")]


class Wires(unittest.TestCase):
    def setUp(self):
        self.stage = Stage(GODWIT, os.environ["GODWITD"])
        self.addCleanup(self.stage.close)
        self.server = self.stage.server

    def open(self, name, peer, wire, server=None, web=None):
        more = ["--wire", wire]
        if web != "":
            more += ["--websocket", f"ws://{web or self.server.http_address}/xmpp-websocket"]
        terminal = self.stage.open(name, peer, server=server, more=more)
        terminal.wait_for("^synced")
        return terminal

    def shows(self, terminal, said, last):
        """Each of them once, and in their order in the end: what is live may be printed before what was missed."""
        terminal.wait_for(f"^in .*{last}$", 1, 60)
        for words in said:
            terminal.wait_for(f"^in .*{re.escape(words)}$")
        self.assertCountEqual(said, texts(terminal))
        before = len(terminal.matching("^old "))
        key = terminal.matching(f"^in .* {re.escape(said[-1])}$")[-1].split(" ")[1]
        newest = f"^old {key} "
        shown = len(terminal.matching(newest))
        terminal.say(f"/history {10 * len(said)}")
        terminal.wait_for(newest, shown + 1)
        kept = [line.split(" ", 5) for line in terminal.matching("^old ")[before:]]
        self.assertEqual(said, [row[5] for row in kept if row[2] == "in"][-len(said):])

    def test_chat(self):
        """Every wire with every other one, in both directions."""
        for one, other in (("tcp", "websocket"), ("compact", "tcp"), ("websocket", "compact")):
            with self.subTest(f"{one} and {other}"):
                alice = self.open("alice", "bob", one)
                bob = self.open("bob", "alice", other)
                self.assertTrue(alice.matching(f"^conn online {WORDS[one]}$"), alice.lines)
                self.assertTrue(bob.matching(f"^conn online {WORDS[other]}$"), bob.lines)
                alice.say(f"hello from {one}", "with \\ and <tags> & \u00e4\U0001F426")
                self.shows(bob, [f"hello from {one}", "with \\\\ and <tags> & \u00e4\U0001F426"], "\U0001F426")
                alice.wait_for(r"^own \d+ read", 2)
                bob.say(f"hello from {other}")
                self.shows(alice, [f"hello from {other}"], other)
                self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def test_killed_server(self):
        """Killed with kill -9 while both write, and while they are away; then once more on the compact wire."""
        for one, other in (("tcp", "websocket"), ("websocket", "compact")):
            with self.subTest(f"{one} and {other}"):
                alice = self.open("alice", "bob", one)
                bob = self.open("bob", "alice", other)
                said = {alice: [], bob: []}
                for turn in range(3):
                    for number in range(6):
                        for terminal in (alice, bob):
                            said[terminal].append(f"{one} turn {turn} text {number}")
                            terminal.say(said[terminal][-1])
                    alice.wait_for(r"^own \d+ sent", turn * 7 + 1)
                    self.server.kill()
                    for terminal in (alice, bob):
                        terminal.wait_for("^conn waiting", turn + 1)
                        said[terminal].append(f"{one} turn {turn} away")
                        terminal.say(said[terminal][-1])
                    self.server.start()
                    for terminal in (alice, bob):
                        terminal.wait_for("^conn online", turn + 2, 60)
                self.shows(bob, said[alice], "turn 2 away")
                self.shows(alice, said[bob], "turn 2 away")
                self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def test_torn(self):
        """The WebSocket torn again and again at any byte: the session goes on, and everything is there once."""
        for wire in ("websocket", "compact"):
            with self.subTest(wire):
                line = Wire(self.server.http_address)
                alice = self.open("alice", "bob", wire, web=line.address)
                bob = self.open("bob", "alice", "tcp")
                said = []
                for turn in range(4):
                    if turn % 2:
                        line.deaf.set()  # acks do not arrive any more
                    for number in range(4):
                        said.append(f"{wire} turn {turn} text {number}")
                        alice.say(said[-1])
                    alice.wait_for(r"^own \d+ sent .*", 4 * (turn + 1))
                    line.tear()
                    line.deaf.clear()
                    alice.wait_for("^conn online", turn + 2)
                self.shows(bob, said, said[-1])
                alice.wait_for(r"^own \d+ (accepted|delivered|read)", len(said))
                if wire == "websocket":
                    self.assertIn(b"<resumed", line.received)
                self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def resumptions(self):
        return int(self.server.figures()["resumptions"])

    def test_torn_at_once(self):
        """Each connection is torn the moment it stands, the first one too: the session always goes on."""
        for wire in WORDS:
            with self.subTest(wire):
                line = Wire(self.server.address if wire == "tcp" else self.server.http_address)
                alice = self.open("alice", "bob", wire, server=line.address if wire == "tcp" else None,
                                  web=None if wire == "tcp" else line.address)
                before = self.resumptions()
                for turn in range(1, 4):
                    line.tear()
                    alice.wait_for("^conn online", turn + 1)
                    self.assertEqual(before + turn, self.resumptions())
                self.assertEqual("1", self.server.figures()["sessions"])
                self.assertEqual(0, alice.end_input())

    def test_torn_inside_login(self):
        """Torn between the server's word that there is a new session and ours: that session is not taken for the old one."""
        line = Wire(self.server.address)
        alice = self.open("alice", "bob", "tcp", server=line.address)
        bob = self.open("bob", "alice", "tcp")
        self.server.kill()
        alice.wait_for("^conn waiting")

        def only_success(data):
            end = data.find(b"</success>")
            if end < 0:
                return data
            line.deaf.set()
            return data[:end + len(b"</success>")]

        line.falsify = only_success
        self.server.start()
        bob.wait_for("^conn online", 2)
        self.assertTrue(line.deaf.wait(60))
        bob.say("in between")
        bob.wait_for("^own 1 accepted")
        line.falsify = None
        line.tear()
        line.deaf.clear()
        alice.wait_for("^conn online", 2, 60)
        self.shows(alice, ["in between"], "in between")
        self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def test_presence_lost(self):
        """The connection is torn when the server has what waited, and not that alice is there: it hears of it anyway."""
        line = Wire(self.server.address)
        alice = self.open("alice", "bob", "tcp", server=line.address)
        bob = self.open("bob", "alice", "tcp")
        bob.say("/add alice@localhost")
        alice.wait_for("^request bob@localhost")
        alice.say("/accept bob@localhost")
        self.sees(bob, "contact alice@localhost to available")
        self.server.kill()
        alice.wait_for("^conn waiting")
        alice.say("it waits")
        alice.wait_for("^own 1 queued")
        line.cut = b"<presence"
        self.server.start()
        alice.wait_for("^own 1 accepted", 1, 60)
        self.shows(bob, ["it waits"], "it waits")
        self.sees(bob, "contact alice@localhost to offline")
        self.assertIsNone(line.cut)
        line.tear()
        line.mute.clear()
        alice.wait_for("^conn online", 3)
        self.assertEqual(1, self.resumptions())
        self.sees(bob, "contact alice@localhost to available")
        self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def sees(self, terminal, contact):
        """Asks for the contacts until one is like this."""
        deadline = time.monotonic() + 30
        seen = None
        while seen != contact:
            self.assertLess(time.monotonic(), deadline, f"{contact}: {seen}")
            before = len(terminal.matching("^contact "))
            terminal.say("/contacts")
            seen = terminal.wait_for("^contact ", before + 1)[-1]

    def test_taken_over(self):
        """TCP goes away under a session, and the compact wire takes it over: the same session, nothing lost or twice."""
        tcp, web = Wire(self.server.address), Wire(self.server.http_address)
        alice = self.open("alice", "bob", "auto", server=tcp.address, web=web.address)
        bob = self.open("bob", "alice", "tcp")
        self.assertTrue(alice.matching("^conn online not encrypted$"), alice.lines)
        alice.say("over TCP")
        alice.wait_for("^own 1 read")
        tcp.deaf.set()
        alice.say("on the way")
        alice.wait_for("^own 2 sent")
        before = self.resumptions()
        tcp.close()
        tcp.tear()
        alice.wait_for("^conn online not encrypted, compact$", 1, 60)
        # Hers and bob's: none was begun beside the one that goes on.
        self.assertEqual((before + 1, "2"), (self.resumptions(), self.server.figures()["sessions"]))
        # A session that was begun anew would have asked the archive once more.
        self.assertEqual(1, len(alice.matching("^synced")))
        alice.say("over the other wire")
        self.shows(bob, ["over TCP", "on the way", "over the other wire"], "other wire")
        alice.wait_for(r"^own \d+ (accepted|delivered|read)", 3)
        self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def test_low_bandwidth(self):
        """The switch changes the wire under a session, saves bytes, and is remembered."""
        alice = self.open("alice", "bob", "auto")
        bob = self.open("bob", "alice", "auto")
        said = []

        def talk(word):
            for number in range(20):
                said.append(f"{word} {number}")
                alice.say(said[-1])
            # The last that is heard of a message, so that nothing of it comes over the next wire.
            alice.wait_for(r"^own \d+ read", len(said))
            before = len(alice.matching("^traffic "))
            alice.say("/connection")
            return [int(field) for field in alice.wait_for("^traffic ", before + 1)[-1].split()[1:4]]

        sent, received, saved = talk("plain")
        self.assertEqual(0, saved)
        alice.say("/low-bandwidth on")
        alice.wait_for("^conn online not encrypted, compact$")
        more_sent, more_received, more_saved = talk("compact")
        self.assertLess(more_sent + more_received - sent - received, more_saved, "less than half is saved")
        alice.say("/low-bandwidth off")
        alice.wait_for("^conn online not encrypted$", 2)
        alice.say("/low-bandwidth on")
        alice.wait_for("^conn online not encrypted, compact$", 2)
        self.shows(bob, said, said[-1])
        self.assertEqual(0, alice.end_input())
        again = self.open("alice", "bob", "auto")
        self.assertTrue(again.matching("^conn online not encrypted, compact$"), again.lines)
        self.assertEqual((0, 0), (again.end_input(), bob.end_input()))

    def test_fallback(self):
        """Nobody at the TCP port: the way that works is found, and nothing is asked of the person."""
        dead = Wire(self.server.address)
        dead.close()
        alice = self.open("alice", "bob", "auto", server=dead.address)
        self.assertTrue(alice.matching("^conn online not encrypted, compact$"), alice.lines)
        self.assertFalse(alice.matching("^conn waiting"), alice.lines)
        alice.say("hello")
        alice.wait_for("^own 1 accepted")
        self.assertEqual(0, alice.end_input())
        # Without the address of a WebSocket the server that was named is all there is.
        lonely = self.stage.open("bob", "alice", server=dead.address, more=["--wire", "auto"])
        lonely.wait_for("^conn waiting The server cannot be reached")


if __name__ == "__main__":
    unittest.main()
