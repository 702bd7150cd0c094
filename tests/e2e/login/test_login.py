# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""`godwit --console` signs in by token (XEP-0484) once it has one, and by its password whenever that does not work, without
anybody noticing. How it signs in is read from the wire and from the server's figures."""

import contextlib
import json
import os
import re
import sqlite3
import stat
import time
import unittest

from stage import Stage
from wire import Wire

GODWIT = os.environ["GODWIT"]
BY_TOKEN = "HT-SHA-256-NONE"
BY_PASSWORD = "SCRAM-SHA-512"
MICROSECONDS = 1_000_000


class Login(unittest.TestCase):
    def setUp(self):
        self.stage = Stage(GODWIT, os.environ["GODWITD"])
        self.addCleanup(self.stage.close)
        self.server = self.stage.server
        self.folder = self.stage.folder
        self.line = Wire(self.server.address)

    def open(self, name, peer, wire="tcp", server=None, password=None):
        return self.stage.open(name, peer, server=server or self.line.address, password=password,
                               more=["--wire", wire, "--websocket", f"ws://{self.server.http_address}/xmpp-websocket"])

    def run_once(self, **options):
        """In and out again, by the ways that are returned."""
        begin = len(self.line.sent)
        terminal = self.open("alice", "bob", **options)
        terminal.wait_for("^synced")
        self.assertFalse(terminal.matching("^(error|note|conn waiting|conn refused)"), terminal.lines)
        self.assertEqual(0, terminal.end_input())
        return self.ways(begin)

    def ways(self, begin=0):
        return [way.decode() for way in re.findall(rb'<authenticate [^>]*mechanism="([^"]+)"', self.line.sent[begin:])]

    def kept(self):
        """The token that is on alice's device, or None."""
        try:
            with open(f"{self.folder}/alice/passwords.json", encoding="utf-8") as file:
                text = json.load(file).get("alice@localhost/token")
        except FileNotFoundError:
            return None
        return text and re.search('secret="([^"]+)"', text)[1]

    def on_server(self, statement, *values):
        """Changes the tokens of all devices while the server is down."""
        self.assertIsNone(self.server.process)
        with contextlib.closing(sqlite3.connect(f"{self.folder}/data/main.db")) as database, database:
            self.assertGreater(database.execute(statement, values).rowcount, 0)

    def expire(self, seconds_from_now):
        self.on_server("UPDATE token SET expires=?", int((time.time() + seconds_from_now) * MICROSECONDS))

    def test_second_start(self):
        """By password once, then by token: nothing but one message to sign in, and no answer to a challenge."""
        self.assertEqual([BY_PASSWORD], self.run_once())
        self.assertIn(b"<request-token", self.line.sent)
        self.assertEqual(1, self.line.sent.count(b"<response"))
        token = self.kept()
        self.assertIsNotNone(token)
        mode = os.stat(f"{self.folder}/alice/passwords.json").st_mode
        self.assertEqual(stat.S_IRUSR | stat.S_IWUSR, stat.S_IMODE(mode))
        for _ in range(2):
            self.assertEqual([BY_TOKEN], self.run_once())
        self.assertEqual(1, self.line.sent.count(b"<response"))
        self.assertEqual(token, self.kept())
        self.assertNotIn(token.encode(), self.line.sent)
        figures = self.server.figures()
        self.assertEqual(("3", "0"), (figures["logins"], figures["logins failed"]))
        agents = set(re.findall(rb'<user-agent id="([^"]+)"', self.line.sent))
        self.assertEqual(1, len(agents))

    def test_replaced(self):
        """The server gives another token when the old one is half as old as it may be."""
        self.run_once()
        first = self.kept()
        self.server.stop()
        self.expire(60)
        self.server.start()
        self.assertEqual([BY_TOKEN], self.run_once())
        second = self.kept()
        self.assertNotIn(second, (None, first))
        self.assertEqual([BY_TOKEN], self.run_once())
        self.assertEqual(second, self.kept())
        self.assertEqual("0", self.server.figures()["logins failed"])

    def test_refused_at_start(self):
        """Expired, or unknown as to a server that was set back: the password is used, and there is a new token."""
        self.run_once()
        for words, change in (("expired", lambda: self.expire(-1)),
                              ("unknown", lambda: self.on_server("DELETE FROM token"))):
            with self.subTest(words):
                old = self.kept()
                self.server.stop()
                change()
                self.server.start()
                self.assertEqual([BY_TOKEN, BY_PASSWORD], self.run_once())
                self.assertNotIn(self.kept(), (None, old))
                self.assertEqual([BY_TOKEN], self.run_once())
        with self.subTest("something else was put in its place"):
            path = f"{self.folder}/alice/passwords.json"
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"alice@localhost/token": "<credentials/>"}, file)
            self.assertEqual([BY_PASSWORD], self.run_once())
            self.assertEqual([BY_TOKEN], self.run_once())

    def test_refused_in_between(self):
        """The server takes the token back while it is away. What was written meanwhile arrives once and in order."""
        for wire in ("tcp", "websocket", "compact"):
            with self.subTest(wire):
                alice = self.open("alice", "bob", wire)
                bob = self.open("bob", "alice", server=self.server.address)
                for terminal in (alice, bob):
                    terminal.wait_for("^synced")
                said = [f"{wire} before"]
                alice.say(said[0])
                bob.wait_for("^in .*before$")
                self.server.kill()
                alice.wait_for("^conn waiting")
                said += [f"{wire} away {number}" for number in range(3)]
                alice.say(*said[1:])
                alice.wait_for(r"^own \d+ queued .* away 2$")
                old = self.kept()
                self.on_server("DELETE FROM token")
                begin = len(self.line.sent)
                self.server.start()
                alice.wait_for("^conn online", 2, 60)
                alice.wait_for(r"^own \d+ (accepted|delivered|read)", len(said))
                bob.wait_for("^in .* away 2$", 1, 60)
                alice.say(f"{wire} after")
                bob.wait_for("^in .* after$")
                self.assertEqual([*said, f"{wire} after"],
                                 [line.split(" ", 4)[4] for line in bob.matching("^in ")])
                self.assertFalse(alice.matching("^(error|note|conn refused)"), alice.lines)
                self.assertNotIn(self.kept(), (None, old))
                if wire == "tcp":
                    self.assertEqual([BY_TOKEN, BY_PASSWORD], self.ways(begin))
                # One for each device that had a token.
                self.assertEqual("2", self.server.figures()["logins failed"])
                self.assertEqual((0, 0), (alice.end_input(), bob.end_input()))

    def test_new_password(self):
        """Another password on the server takes the tokens back, too. That is said, and not tried again and again."""
        alice = self.open("alice", "bob")
        alice.wait_for("^synced")
        self.assertIsNotNone(self.kept())
        self.server.kill()
        alice.wait_for("^conn waiting")
        self.server.set_password("alice", "another")
        self.server.start()
        begin = len(self.line.sent)
        alice.wait_for("^error The address or the password is wrong")
        self.assertEqual(3, alice.process.wait(10))
        self.assertEqual([BY_TOKEN, BY_PASSWORD], self.ways(begin)[-2:])
        self.assertEqual("2", self.server.figures()["logins failed"])
        self.assertIsNone(self.kept())
        self.assertEqual([BY_PASSWORD], self.run_once(password="another"))
        self.assertEqual([BY_TOKEN], self.run_once(password="another"))

    def test_not_now(self):
        """A server that cannot check a password or a token just now is asked again, and nothing is forgotten."""
        for word, way in ((b"<challenge ", BY_PASSWORD), (b"<success ", BY_TOKEN)):
            with self.subTest(way):
                kept = self.kept()

                def falsify(data, word=word):
                    begin = data.find(word)
                    if begin < 0:
                        return data
                    self.line.falsify = None
                    return data[:begin] + (b"<failure xmlns='urn:xmpp:sasl:2'><temporary-auth-failure "
                                           b"xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>")

                self.line.falsify = falsify
                begin = len(self.line.sent)
                alice = self.open("alice", "bob")
                alice.wait_for("^conn waiting The server could not check the password")
                alice.wait_for("^synced")
                self.assertEqual([way, way], self.ways(begin))
                self.assertEqual(0, alice.end_input())
                self.assertIn(kept, (None, self.kept()))

    def test_wrong_password(self):
        alice = self.open("alice", "bob", password="wrong")
        alice.wait_for("^error The address or the password is wrong")
        self.assertEqual(3, alice.process.wait(10))
        self.assertEqual([BY_PASSWORD], self.ways())
        self.assertIsNone(self.kept())


if __name__ == "__main__":
    unittest.main()
