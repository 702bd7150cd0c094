# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The promise against torn connections and kill -9, seen from outside (DELIVERY.md; the numbers are its rules)."""

import time
import unittest

from compactwire import CompactClient
from raw import CLIENT, SM, RawClient
from server import DOMAIN, Server
from websocket import WebSocketClient

JULIET = f"juliet@{DOMAIN}"
ROMEO = f"romeo@{DOMAIN}"
PING = "<ping xmlns='urn:xmpp:ping'/>"


class Acks(unittest.TestCase):
    """Over TCP, and below over the other wires that have acks of XEP-0198; BOSH has its own (test_bosh.py)."""

    wire = RawClient

    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["romeo", "juliet", "mercutio"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.clients = []
        # Nobody's mail of another test is left.
        for user in ("romeo", "juliet"):
            client = self.client(user, "drain")
            client.enable()
            client.presence()
            client.message(client.jid, "drained", origin=f"drain-{self.id()}-{user}")
            while client.bodies(1)[0][0] != "drained":
                pass
            client.ack()
            client.request_ack()
            client.close()

    def tearDown(self):
        for client in self.clients:
            client.socket.close()

    def stream(self, user, resource="raw"):
        """Logged in, not bound."""
        client = self.wire(self.server, user, resource)
        self.clients.append(client)
        return client

    def client(self, user, resource="raw"):
        return self.stream(user, resource).bind()

    def test_receiver_torn_without_ack_gets_all_again_in_order_under_the_same_ids(self):
        """Rules 2, 8, 10: what a dead session had in flight is pending; nothing is bounced."""
        sender = self.client("romeo")
        sender.enable()
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        wanted = [f"m{i}" for i in range(40)]
        for body in wanted:
            sender.message(JULIET, body, origin=f"torn-{body}")
        sender.acked(len(wanted))
        first = receiver.bodies(len(wanted))
        receiver.tear()
        again = self.client("juliet", "laptop")
        again.enable()
        again.presence()
        second = again.bodies(len(wanted))
        self.assertEqual([body for body, _ in first], wanted)
        self.assertEqual(second, first)
        again.ack()
        again.request_ack()
        again.close()
        third = self.client("juliet", "tablet")
        third.enable()
        third.presence()
        sender.message(JULIET, "after", origin="torn-after")
        self.assertEqual(third.bodies(1)[0][0], "after")

    def test_only_what_was_not_acked_repeats(self):
        """Rule 8."""
        sender = self.client("romeo")
        sender.enable()
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        for i in range(10):
            sender.message(JULIET, f"n{i}", origin=f"half-{i}")
        sender.acked(10)
        receiver.bodies(5)
        receiver.ack()
        receiver.request_ack()
        receiver.bodies(5)
        receiver.tear()
        again = self.client("juliet", "laptop")
        again.enable()
        again.presence()
        self.assertEqual([body for body, _ in again.bodies(5)], [f"n{i}" for i in range(5, 10)])

    def test_resend_after_a_lost_ack_is_stored_once(self):
        """Rule 7."""
        sender = self.client("romeo", "a")
        sender.enable()
        for i in range(5):
            sender.message(JULIET, f"o{i}", origin=f"once-{i}")
        sender.acked(5)
        sender.tear()
        sender = self.client("romeo", "b")
        sender.enable()
        for i in range(7):
            sender.message(JULIET, f"o{i}", origin=f"once-{i}")
        sender.acked(7)
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        found = receiver.bodies(7)
        self.assertEqual([body for body, _ in found], [f"o{i}" for i in range(7)])
        self.assertEqual(len({stanza_id for _, stanza_id in found}), 7)

    def test_same_words_without_origin_id_are_two_messages(self):
        """Rule 7: a message without origin-id is never taken for a resend."""
        sender = self.client("romeo")
        sender.enable()
        for _ in range(2):
            sender.message(JULIET, "again")
        sender.acked(2)
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        found = receiver.bodies(2)
        self.assertNotEqual(found[0][1], found[1][1])

    def test_resumption_delivers_what_was_not_handled_and_what_came_since(self):
        """Rules 5 and 10, XEP-0198 §5."""
        sender = self.client("romeo")
        sender.enable()
        receiver = self.client("juliet", "phone")
        previous = receiver.enable()
        receiver.presence()
        for i in range(6):
            sender.message(JULIET, f"r{i}", origin=f"resume-{i}")
        sender.acked(6)
        receiver.bodies(4)
        handled = receiver.handled
        receiver.tear()
        sender.message(JULIET, "r6", origin="resume-6")
        sender.acked(7)
        again = self.stream("juliet")
        self.assertEqual(again.resume(previous, handled).tag, SM + "resumed")
        self.assertEqual([body for body, _ in again.bodies(3)], ["r4", "r5", "r6"])

    def test_resumption_with_a_count_that_is_wrong_is_refused_and_loses_nothing(self):
        """A stale or too high h: the log delivers to the new session."""
        for wrong in (-1, 1000):
            sender = self.client("romeo")
            sender.enable()
            receiver = self.client("juliet", "phone")
            previous = receiver.enable()
            receiver.presence()
            for i in range(4):
                sender.message(JULIET, f"w{i}", origin=f"wrong{wrong}-{i}")
            sender.acked(4)
            receiver.bodies(2)
            receiver.ack()
            receiver.request_ack()
            handled = receiver.handled
            receiver.tear()
            again = self.stream("juliet", "other")
            self.assertEqual(again.resume(previous, handled + wrong).tag, SM + "failed")
            again.bind()
            again.enable()
            again.presence()
            self.assertEqual([body for body, _ in again.bodies(2)], ["w2", "w3"])
            again.ack()
            again.request_ack()
            again.close()

    def test_a_client_without_stream_management_proves_by_answering_the_ping(self):
        """Rule 11: the barrier."""
        sender = self.client("romeo")
        sender.enable()
        receiver = self.client("juliet", "old")
        receiver.presence()
        sender.message(JULIET, "p1", origin="ping-1")
        receiver.bodies(1)
        ping = receiver.until(CLIENT + "iq")
        receiver.send(f"<iq type='result' id='{ping.get('id')}' to='{ping.get('from')}'/>")
        sender.message(JULIET, "p2", origin="ping-2")
        receiver.bodies(1)
        receiver.tear()
        again = self.client("juliet", "new")
        again.enable()
        again.presence()
        self.assertEqual(again.bodies(1)[0][0], "p2")

    def test_another_device_gets_at_once_what_a_dead_one_had(self):
        """Rule 2: a full JID that is gone."""
        sender = self.client("romeo")
        sender.enable()
        phone = self.client("juliet", "phone")
        phone.enable()
        phone.presence()
        laptop = self.client("juliet", "laptop")
        laptop.enable()
        laptop.presence()
        sender.message(f"{JULIET}/phone", "for the phone", origin="device-1")
        sender.acked(1)
        phone.bodies(1)
        phone.tear()
        self.assertEqual(laptop.bodies(1)[0][0], "for the phone")

    def test_a_receiver_that_fell_silent_loses_nothing(self):
        """Rules 2, 8 and 10: no reset, no end, no ack; a fresh login gets all, in order, and nothing is bounced."""
        for resource in ("silent", "another"):
            with self.subTest(resource):
                sender = self.client("romeo", "to-" + resource)
                sender.enable()
                silent = self.client("juliet", "silent")
                silent.enable()
                silent.presence()
                wanted = [f"{resource} {number}" for number in range(30)]
                for body in wanted:
                    sender.message(JULIET, body, origin=body)
                sender.acked(len(wanted))
                first = silent.bodies(len(wanted))
                # Its socket stays open, and nobody speaks on it any more.
                again = self.client("juliet", resource)
                again.enable()
                again.presence()
                self.assertEqual(again.bodies(len(wanted)), first)
                self.assertEqual([body for body, _ in first], wanted)
                again.ack()
                again.request_ack()
                sender.request_ack()
                self.assertEqual([one.tag for one in sender.pending if one.tag.startswith(CLIENT)], [])
                again.close()
                silent.tear()

    def test_a_torn_sender_sends_again_without_having_seen_an_ack(self):
        """Rule 7: whatever of it was stored before, all of it is stored once, in order."""
        for number in range(5):
            wanted = [f"blind {number}-{one}" for one in range(20)]
            sender = self.client("romeo", "blind")
            sender.enable()
            for body in wanted[:5 + 3 * number]:
                sender.message(JULIET, body, origin=body)
            sender.tear()
            again = self.client("romeo", "again")
            again.enable()
            for body in wanted:
                again.message(JULIET, body, origin=body)
            again.acked(len(wanted))
            again.close()
            receiver = self.client("juliet", "phone")
            receiver.enable()
            receiver.presence()
            receiver.message(JULIET, f"end {number}", origin=f"end {number}")
            found = receiver.bodies(len(wanted) + 1)
            self.assertEqual([body for body, _ in found], [*wanted, f"end {number}"])
            receiver.ack()
            receiver.request_ack()
            receiver.close()

    def test_a_resumed_sender_learns_what_was_accepted_and_sends_the_rest(self):
        """Rule 5: <resumed/> is sent when all that came in on the old stream is resolved."""
        sender = self.client("romeo", "resumes")
        previous = sender.enable()
        wanted = [f"resumed {number}" for number in range(25)]
        for body in wanted[:15]:
            sender.message(JULIET, body, origin=body)
        sender.request_ack()
        sender.tear()
        again = self.stream("romeo")
        accepted = int(again.resume(previous, sender.handled).get("h"))
        for body in wanted[accepted:]:
            again.message(JULIET, body, origin=body)
        again.acked(len(wanted))
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        self.assertEqual([body for body, _ in receiver.bodies(len(wanted))], wanted)

    def test_a_receiver_that_does_not_read_fills_no_memory_and_slows_nobody(self):
        """Rules 10 and 16: what it does not take waits in the log; others go on as before."""
        # The window has room for all of it and the system's buffers for a part: what waits in memory is ours to bound.
        server = Server(users=["romeo", "juliet", "mercutio"], config="[limits]\nunproved_max = 2000\n").start()
        self.addCleanup(server.remove)
        sender, other, witness = (self.enabled(RawClient(server, user)) for user in ("romeo", "mercutio", "juliet"))
        slow = self.enabled(self.wire(server, "juliet", "slow"))
        other.presence()
        slow.presence().request("get", PING)
        sent = 0
        for _ in range(100):
            # What the server keeps of any 20 MB that pass is kept now.
            sent = self.talk(sender, other, 10, sent)
        before = server.memory()
        wanted = [f"slow {number} " + "x" * 20_000 for number in range(1_000)]
        for number, body in enumerate(wanted):
            sender.message(JULIET, body, origin=f"slow-{number}")
            sent += 1
            if number % 100 == 99:
                began = time.monotonic()
                sent = self.talk(sender, other, 1, sent)
                self.assertLess(time.monotonic() - began, 5)
        if not server.sanitized():
            # 20 MB were written; on a busy machine the log's newest rows come to some of that.
            self.assertLess(server.memory() - before, 14_000_000)
        self.assertEqual(self.pending(witness, "slow-0"), "true")
        self.assertEqual(self.pending(witness, f"slow-{len(wanted) - 1}"), "true")
        found = []
        while len(found) < len(wanted):
            found += slow.bodies(10)
            slow.ack()
        self.assertEqual([body for body, _ in found], wanted)
        slow.request("get", PING)
        self.assertEqual(self.pending(witness, f"slow-{len(wanted) - 1}"), "false")

    def talk(self, sender, receiver, count, sent):
        """Sends large messages that are read and acknowledged; returns how much was sent in all."""
        wanted = [f"{sent + number} " + "y" * 20_000 for number in range(count)]
        for number, body in enumerate(wanted):
            sender.message(receiver.jid, body, origin=f"talk-{sent + number}")
        self.assertEqual([body for body, _ in receiver.bodies(count)], wanted)
        receiver.ack()
        sender.acked(sent + count)
        return sent + count

    def enabled(self, client):
        self.clients.append(client)
        client.bind().enable()
        return client

    def pending(self, client, origin):
        """Whether no device has proved a message, by what the account is told of it."""
        answer = client.request("get", f"<message xmlns='urn:godwit:timeline:0' origin-id='{origin}' with='{ROMEO}'/>")
        return answer[0].get("pending")

    def test_nothing_is_said_of_a_message_before_it_is_stored(self):
        """Rules 4 and 6 from outside: what a receiver saw, or a sender's ack covered, is in the archive at once."""
        sender = self.client("romeo")
        sender.enable()
        receiver = self.client("juliet", "phone")
        receiver.enable()
        receiver.presence()
        for number in range(20):
            sender.message(JULIET, f"there {number}", origin=f"there {number}")
            _, stanza_id = receiver.bodies(1)[0]
            receiver.send(f"<iq type='set' id='there'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' "
                          f"type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='ids'>"
                          f"<value>{stanza_id}</value></field></x></query></iq>")
            result = receiver.until(CLIENT + "message").find("{urn:xmpp:mam:2}result")
            self.assertEqual(result.get("id"), stanza_id)

    def test_unknown_user_is_refused_before_the_ack(self):
        """Rule 3."""
        sender = self.client("romeo")
        sender.enable()
        sender.message(f"nobody@{DOMAIN}", "hello", origin="nobody-1")
        sender.send("<r xmlns='urn:xmpp:sm:3'/>")
        answer = sender.read()
        self.assertEqual([answer.tag, answer.get("type")], [CLIENT + "message", "error"])
        self.assertEqual(sender.until(SM + "a").get("h"), "1")


class AcksOverWebSocket(Acks):
    wire = WebSocketClient


class AcksOverCompact(Acks):
    wire = CompactClient


if __name__ == "__main__":
    unittest.main()
