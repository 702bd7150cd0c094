# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What one peer, one stanza, one session and one account may do: each bound of [limits] from both of its sides."""

import subprocess
import time
import unittest

from raw import CLIENT, Closed, RawClient, RawStream, SASL, condition_of
from server import DOMAIN, PASSWORD, Server

BOUNDS = {
    "handshake_time": '"3 s"',
    "handshake_bytes_max": 20_000,
    "preauth_stanza_bytes_max": 10_000,
    "login_failures_max": 2,
    "stanza_bytes_max": 20_000,
    "depth_max": 10,
    "attributes_max": 20,
    "elements_max": 100,
    "unproved_max": 4,
    "directed_presences_max": 3,
    "sessions_per_account_max": 3,
    "roster_items_max": 3,
    "roster_groups_max": 2,
    "pending_requests_max": 2,
    "presence_bytes_max": 2_048,
    "contact_steps_max": 16,
    "sent_keys_max": 5,
}
PING = "<ping xmlns='urn:xmpp:ping'/>"


class Bounds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        users = ["anna", "bela", "cleo", "dora", "emil", "fanny", "greta", "hans", "ida", "jan", "karl"]
        config = "[limits]\n" + "".join(f"{key} = {value}\n" for key, value in BOUNDS.items())
        cls.server = Server(users=users, config=config).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def stream(self):
        stream = RawStream(self.server)
        self.addCleanup(stream.close)
        stream.open()
        return stream

    def client(self, user="anna", resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.close)
        return client

    # Before the login

    def test_handshake_time(self):
        bound = self.client()
        began = time.monotonic()
        self.assertEqual(self.stream().error(), "connection-timeout")
        self.assertGreater(time.monotonic() - began, 2.9)
        self.assertEqual(bound.request("get", PING).get("type"), "result")

    def test_handshake_bytes_max(self):
        stream = self.stream()
        stream.send(" " * 15_000)
        answer = stream.authenticate("PLAIN", f"\0anna\0{PASSWORD}".encode())
        self.assertTrue(answer.tag.endswith("success"))
        stream = self.stream()
        stream.send(" " * 20_001)
        self.assertEqual(stream.error(), "policy-violation")

    def test_preauth_stanza_bytes_max(self):
        stream = self.stream()
        self.assertTrue(stream.authenticate("PLAIN", b"\0anna\0" + b"x" * 6_000).tag.endswith("failure"))
        stream = self.stream()
        stream.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + "x" * 10_000 + "</auth>")
        self.assertEqual(stream.error(), "policy-violation")

    def test_login_failures_max(self):
        stream = self.stream()
        self.assertEqual(stream.authenticate("PLAIN", b"\0anna\0wrong").tag, SASL + "failure")
        self.assertEqual(stream.authenticate("PLAIN", f"\0anna\0{PASSWORD}".encode()).tag, SASL + "success")
        stream = self.stream()
        for _ in range(2):
            self.assertEqual(stream.authenticate("PLAIN", b"\0anna\0wrong").tag, SASL + "failure")
        self.assertEqual(stream.error(), "policy-violation")

    # One stanza

    def test_one_stanza(self):
        """stanza_bytes_max, depth_max, attributes_max, elements_max: the last that is taken, the first that is not."""
        fits = len("<iq type='get' id='x'><ping xmlns='urn:xmpp:ping' a=''/></iq>")
        for words, last, first in (
                ("bytes", f"<ping xmlns='urn:xmpp:ping' a='{'x' * (20_000 - fits)}'/>",
                 f"<ping xmlns='urn:xmpp:ping' a='{'x' * (20_001 - fits)}'/>"),
                ("depth", nested(9), nested(10)),
                ("attributes", attributes(19), attributes(20)),
                ("elements", flat(98), flat(99))):
            with self.subTest(words):
                client = self.client("anna", words)
                self.assertEqual(client.request("get", last, name="x").get("id"), "x")
                client.send(f"<iq type='get' id='x'>{first}</iq>")
                self.assertEqual(client.error(), "policy-violation")

    def test_stanza_bytes_max_is_announced(self):
        """XEP-0478."""
        found = self.client().features.findtext(".//{urn:xmpp:stream-limits:0}max-bytes")
        self.assertEqual(found, "20000")

    # One session

    def test_unproved_max(self):
        """Rule 10."""
        anna, bela = self.client("anna"), self.client("bela", "window")
        anna.enable()
        bela.enable()
        bela.presence()
        bela.acked(1)
        for number in range(6):
            anna.message(f"bela@{DOMAIN}", f"window {number}", origin=f"window {number}")
        anna.acked(6)
        bela.request("get", PING)
        self.assertEqual([one.findtext(CLIENT + "body") for one in bela.pending if one.tag == CLIENT + "message"],
                         [f"window {number}" for number in range(4)])
        self.assertEqual(len(bela.bodies(4)), 4)
        bela.ack()
        self.assertEqual([body for body, _ in bela.bodies(2)], ["window 4", "window 5"])
        bela.ack()
        bela.request_ack()

    def test_directed_presences_max(self):
        anna = self.client().presence()
        for number in range(3):
            anna.send(f"<presence id='d{number}' to='x{number}@{DOMAIN}'/>")
        self.assertEqual(anna.request("get", PING).get("type"), "result")
        self.assertEqual([one for one in anna.pending if one.get("type") == "error"], [])
        anna.send(f"<presence id='d3' to='x3@{DOMAIN}'/>")
        refused = anna.until(CLIENT + "presence")
        while refused.get("id") != "d3":
            refused = anna.until(CLIENT + "presence")
        self.assertEqual(condition_of(refused)[1], "resource-constraint")

    def test_presence_bytes_max(self):
        anna = self.client()
        around = len("<presence id='p1'><status></status></presence>") + 60
        anna.send(f"<presence id='p1'><status>{'x' * (2_048 - around)}</status></presence>")
        self.assertEqual(anna.until(CLIENT + "presence").get("type"), None)
        anna.send(f"<presence id='p2'><status>{'x' * 2_048}</status></presence>")
        refused = anna.until(CLIENT + "presence")
        self.assertEqual(condition_of(refused)[1], "policy-violation")

    # One account

    def test_contact_steps_max(self):
        """Changes of the roster that are sent all at once wait for each other, as many as may."""
        karl = self.client("karl")

        def answers(count):
            karl.send("".join(f"<iq type='set' id='s{number}'><query xmlns='jabber:iq:roster'>"
                              f"<item jid='c@elsewhere.example' name='{number}'/></query></iq>" for number in range(count)))
            return [karl.until(CLIENT + "iq") for _ in range(count)]

        self.assertEqual({one.get("type") for one in answers(16)}, {"result"})
        many = answers(80)
        refused = [one for one in many if one.get("type") == "error"]
        self.assertEqual({condition_of(one) for one in refused}, {("wait", "resource-constraint")})
        self.assertGreaterEqual(len(many) - len(refused), 16)
        self.assertEqual({one.get("type") for one in answers(16)}, {"result"})

    def test_sessions_per_account_max(self):
        clients = [self.client("cleo", f"r{number}") for number in range(3)]
        late = RawClient(self.server, "cleo", "r3")
        self.addCleanup(late.close)
        late.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        self.assertEqual(condition_of(late.until(CLIENT + "iq"))[1], "resource-constraint")
        clients[0].close()
        late.bind()

    def test_roster_items_and_groups_max(self):
        """roster_items_max, roster_groups_max."""
        dora = self.client("dora")
        put = "<query xmlns='jabber:iq:roster'><item jid='c{}@elsewhere.example'{}</query>"
        for number in range(3):
            self.assertEqual(dora.request("set", put.format(number, "/>")).get("type"), "result")
        self.assertEqual(dora.request("set", put.format(3, "/>")).get("type"), "error")
        self.assertEqual(dora.request("set", put.format(0, " subscription='remove'/>")).get("type"), "result")
        self.assertEqual(dora.request("set", put.format(3, "/>")).get("type"), "result")
        groups = "".join(f"<group>g{number}</group>" for number in range(3))
        two = groups.replace("<group>g2</group>", "")
        self.assertEqual(dora.request("set", put.format(3, f">{two}</item>")).get("type"), "result")
        self.assertEqual(dora.request("set", put.format(3, f">{groups}</item>")).get("type"), "error")

    def test_pending_requests_max(self):
        for number, user in enumerate(("fanny", "greta", "hans")):
            asks = self.client(user)
            asks.send(f"<presence type='subscribe' to='emil@{DOMAIN}' id='s{number}'/>")
            asks.request("get", "<query xmlns='jabber:iq:roster'/>")
            # The request is at its home before the next one goes out.
            asks.request("get", PING, f"emil@{DOMAIN}/nowhere")
        emil = self.client("emil").presence()
        emil.request("get", "<query xmlns='jabber:iq:roster'/>")
        asked = [one.get("from") for one in emil.pending if one.get("type") == "subscribe"]
        self.assertEqual(len(asked), 2, asked)

    def test_sent_keys_max(self):
        """Rule 7: as many of the last ones as that are known again."""
        ida = self.client("ida")
        ida.enable()
        texts = [f"key {number}" for number in range(7)]
        for count, group in ((7, texts), (10, [texts[6], texts[3], texts[0]])):
            for text in group:
                ida.message(f"jan@{DOMAIN}", text, origin=text)
            ida.acked(count)
        jan = self.client("jan")
        jan.enable()
        jan.presence()
        jan.message(f"jan@{DOMAIN}", "end", origin="end")
        found = []
        while "end" not in found:
            found.append(jan.bodies(1)[0][0])
            jan.ack()
        self.assertEqual(found, [*texts, texts[0], "end"])


def nested(depth):
    return "<n xmlns='urn:example:n'>" + "<n>" * (depth - 1) + "</n>" * depth


def attributes(count):
    return "<n xmlns='urn:example:n' " + " ".join(f"a{number}=''" for number in range(count)) + "/>"


def flat(count):
    return "<n xmlns='urn:example:n'>" + "<m/>" * count + "</n>"


class Process(unittest.TestCase):
    def opened(self, server):
        """A stream, as soon as there is room for it."""
        deadline = time.monotonic() + 10
        while True:
            stream = RawStream(server)
            try:
                stream.open()
                return stream
            except (Closed, OSError):
                stream.socket.close()
                self.assertLess(time.monotonic(), deadline, "there is no room")

    def test_connections_max(self):
        server = Server(users=["anna"], config="[limits]\nconnections_max = 4\n").start()
        self.addCleanup(server.remove)
        # The last place may still belong to the connection by which the harness saw that the server listens.
        streams = [self.opened(server) for _ in range(4)]
        for stream in streams:
            self.addCleanup(stream.socket.close)
        late = RawStream(server)
        with self.assertRaises(Exception):
            late.open()
        late.socket.close()
        streams[0].close()
        self.opened(server).close()

    def test_one_shard_and_small_batches_do_the_same(self):
        """shards, hashing_threads, batch_rows_max, batch_bytes_max, idle_accounts_max at their least."""
        server = Server(users=["anna", "bela"],
                        config="[limits]\nshards = 1\nhashing_threads = 1\nbatch_rows_max = 1\nbatch_bytes_max = 262144\n"
                               "idle_accounts_max = 0\n").start()
        self.addCleanup(server.remove)
        anna = RawClient(server, "anna").bind()
        anna.enable()
        texts = [f"small {number}" for number in range(50)]
        for text in texts:
            anna.message(f"bela@{DOMAIN}", text, origin=text)
        anna.acked(50)
        anna.close()
        anna = RawClient(server, "anna").bind()
        anna.enable()
        anna.message(f"bela@{DOMAIN}", texts[49], origin=texts[49])
        anna.acked(1)
        bela = RawClient(server, "bela").bind()
        bela.enable()
        bela.presence()
        bela.message(f"bela@{DOMAIN}", "end", origin="end")
        self.assertEqual([body for body, _ in bela.bodies(51)], [*texts, "end"])
        for client in (anna, bela):
            client.close()

    def test_listen_backlog(self):
        server = Server(users=["anna"], config="[limits]\nlisten_backlog = 17\n").start()
        self.addCleanup(server.remove)
        listening = subprocess.run(["ss", "-Hltn", f"sport = :{server.port}"], capture_output=True, text=True, check=True)
        # The third column of a listening socket is how many may wait in it.
        self.assertEqual({line.split()[2] for line in listening.stdout.splitlines()}, {"17"})

    def test_stop_time(self):
        """stop_time: within it a stop is orderly, though a client neither reads nor closes."""
        server = Server(users=["anna"], config='[limits]\nstop_time = "2 s"\nclose_time = "200 ms"\n').start()
        self.addCleanup(server.remove)
        anna = RawClient(server, "anna").bind()
        self.addCleanup(anna.socket.close)
        began = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(anna.error(), "system-shutdown")


if __name__ == "__main__":
    unittest.main()
