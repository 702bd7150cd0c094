# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""BOSH (XEP-0124, XEP-0206) on the real server: the promise with lost answers and repeated requests, and each bound."""

import hashlib
import random
import time
import unittest

from bosh import BIND, Answer, BoshSession, bodies, message
from raw import CLIENT, RawClient, STREAM
from server import Server

LIMITS = """[limits]
shards = 2
bosh_hold_max = 1
bosh_wait_max = "20 s"
bosh_inactivity = "2 s"
bosh_pause_max = "4 s"
bosh_polling = "1 s"
"""
# What one test leaves unproved must not come to another.
USERS = [f"user{number}" for number in range(60)]


class Bosh(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=USERS, config=LIMITS).start()
        cls.free = list(USERS)

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def session(self, user=None, **attributes):
        session = BoshSession(self.server, **attributes)
        session.user = user
        return session.log_in(user) if user else session

    def someone(self, **attributes):
        """A session of an account that no other test uses."""
        return self.session(self.free.pop(), **attributes)

    def tcp(self, user=None):
        client = RawClient(self.server, user or self.free.pop(), "tcp").bind()
        self.addCleanup(client.socket.close)
        return client.presence()

    def condition(self, body):
        self.assertEqual("terminate", body.get("type"))
        return body.get("condition")

    def insist(self, session, content, rid):
        """The answer to this request. Where it meets a copy of itself that was on its way for long, one of both is told
        to come again."""
        while True:
            body = session.send(content, rid=rid).get()
            if body is not None and body.get("type") != "error":
                self.assertIsNone(body.get("type"), "the session has ended")
                return body

    def pass_time(self, seconds):
        """A held request is a clock: it is answered when its time is over."""
        clock = self.session(wait=seconds)
        clock.send().get()

    def test_begins_a_session(self):
        """bosh_hold_max, bosh_wait_max, bosh_inactivity, bosh_pause_max and bosh_polling are told."""
        created = self.session(hold=5, wait=500).created
        expected = {"hold": "1", "wait": "20", "requests": "2", "inactivity": "2", "maxpause": "4", "from": "example.org"}
        self.assertEqual(expected, {name: created.get(name) for name in expected})
        self.assertIsNotNone(created.find(STREAM + "features"))
        self.assertIsNotNone(created.get("authid"))
        less = self.session(hold=0, wait=3).created
        self.assertEqual(("0", "3"), (less.get("hold"), less.get("wait")))

    def test_chats_with_a_client_on_tcp(self):
        for _ in range(6):
            # Accounts live on either shard; requests come in on either shard, too.
            session, other = self.someone().present(), self.tcp()
            with self.subTest(session.user):
                held = session.send()
                other.message(session.jid, "to the web")
                self.assertEqual(["to the web"], bodies(held.get()))
                session.send(message(f"{other.jid}/tcp", "from the web"))
                self.assertEqual("from the web", other.bodies(1)[0][0])

    def test_refuses_hosts(self):
        answer = BoshSession.__new__(BoshSession)
        answer.server, answer.rid, answer.sid = self.server, 5, None
        body = answer.send(to="elsewhere.example").get()
        self.assertEqual("host-unknown", self.condition(body))
        self.assertIsNotNone(body.find(STREAM + "error"))

    def test_refuses_what_is_no_body(self):
        session = self.session()
        for text in ("", "<x/>", "<body/>", f"<body xmlns='{BIND}' rid='x'/>", f"<body xmlns='{BIND}' rid='1'>"):
            with self.subTest(text):
                self.assertEqual("bad-request", self.condition(Answer(session, text).get()))

    def test_rule14_repeats_a_lost_answer(self):
        """Rule 14: an answer that did not arrive is given again for the same rid, and nothing is done twice."""
        session, anna = self.someone().present(), self.tcp()
        held = session.send()
        anna.message(session.jid, "once")
        held.join(30)
        # The client acts as if it had not got it.
        again = session.send(rid=session.rid - 1).get()
        self.assertEqual(["once"], bodies(again))
        sent = session.send(message(f"{anna.jid}/tcp", "said once", "o1"))
        self.assertEqual("said once", anna.bodies(1)[0][0])
        session.send(rid=session.rid - 1)
        session.send(message(f"{anna.jid}/tcp", "next"))
        self.assertEqual("next", anna.bodies(1)[0][0])
        sent.join(30)

    def test_rule14_delivers_again_what_was_not_proved(self):
        """Rule 14: a message in an answer that nobody is known to have is pending, and goes to the next session."""
        session, anna = self.someone().present(), self.tcp()
        held = session.send()
        anna.message(session.jid, "into the void")
        self.assertEqual(["into the void"], bodies(held.get()))
        # No further request: nothing proves that it arrived. The session ends by inactivity.
        second = None
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline and second != "into the void":
            other = self.tcp(session.user)
            other.send("<iq xmlns='jabber:client' type='get' id='p' to='example.org'><ping xmlns='urn:xmpp:ping'/></iq>")
            for element in iter(other.read, None):
                if element.tag == CLIENT + "message":
                    second = element.findtext(CLIENT + "body")
                if element.tag == CLIENT + "iq" and element.get("id") == "p":
                    break
            other.tear()
        self.assertEqual("into the void", second)

    def test_rule14_acknowledges_in_both_directions(self):
        """Rule 14: `ack` covers what is durable; an absent one of the client means all earlier answers."""
        session, anna = self.someone(ack="1").present(), self.tcp()
        self.assertEqual("1000", session.created.get("ack"))
        held = session.send()
        anna.message(session.jid, "proved")
        self.assertEqual(["proved"], bodies(held.get()))
        # This request says that all before it arrived.
        session.send(type="terminate").get()
        later = self.tcp(session.user)
        anna.message(later.jid, "after it")
        self.assertEqual("after it", later.bodies(1)[0][0])

    def test_rule14_survives_a_bad_network(self):
        """Rule 14: connections break before, behind and while they are answered; the client repeats its rids. Both
        directions have everything once and in order."""
        dice = random.Random(14)
        session, anna = self.someone(hold=0).present(), self.tcp()
        wanted = [f"up {number}" for number in range(40)]
        got = []
        for number, text in enumerate(wanted):
            anna.message(session.jid, f"down {number}", f"d{number}")
            rid, content = session.rid, message(f"{anna.jid}/tcp", text, f"u{number}")
            session.rid += 1
            while dice.random() < 0.4:
                lost = session.send(content, rid=rid)
                if dice.random() < 0.5:
                    lost.join(30)  # it was answered, and the answer was lost on the way
                else:
                    lost.break_off()
            got += bodies(self.insist(session, content, rid))
        self.assertEqual(wanted, [body for body, _ in anna.bodies(len(wanted))])
        while len(got) < len(wanted):
            self.pass_time(1)
            session.rid += 1
            got += bodies(self.insist(session, "", session.rid - 1))
        self.assertEqual([f"down {number}" for number in range(len(wanted))], got)

    def test_takes_requests_out_of_order(self):
        session, anna = self.someone().present(), self.tcp()
        first = session.rid
        session.rid += 2
        second = session.send(message(f"{anna.jid}/tcp", "two"), rid=first + 1)
        session.send(message(f"{anna.jid}/tcp", "one"), rid=first)
        self.assertEqual(["one", "two"], [body for body, _ in anna.bodies(2)])
        self.assertTrue(second.pending())

    def test_replaces_a_held_request(self):
        session = self.someone().present()
        # The first is answered because the second has come.
        first, held = session.send(), session.send()
        self.assertEqual(0, len(first.get()))
        again = session.send(rid=session.rid - 1)
        self.assertEqual("error", held.get().get("type"))
        self.assertTrue(again.pending())
        session.send(type="terminate").get()

    def test_refuses_strangers(self):
        session = self.someone().present()
        stranger = BoshSession.__new__(BoshSession)
        stranger.server, stranger.rid = self.server, 1
        for sid in ("nonsense", "0-AAAAAAAAAAAAAAAAAAAAAAAA", "7-x", "-", "99999999999-a", session.sid[:-1]):
            stranger.sid = sid
            self.assertEqual("item-not-found", self.condition(stranger.send().get()))
        self.assertEqual("item-not-found", self.condition(session.send(rid=session.rid + 50).get()))

    def test_refuses_a_stolen_session(self):
        keys = ["seed"]
        for _ in range(20):
            keys.append(hashlib.sha1(keys[-1].encode()).hexdigest())
        session = self.session(newkey=keys.pop())
        self.assertIsNone(session.send(key=keys.pop(), pause=1).get().get("type"))
        self.assertEqual("item-not-found", self.condition(session.send(key="guess").get()))

    def test_polls(self):
        """bosh_polling: a session without held requests may ask so often and no more."""
        session = self.someone(hold=0)
        self.assertEqual("0", session.created.get("hold"))
        self.assertIsNone(session.send().get().get("type"))
        self.pass_time(1)
        self.assertIsNone(session.send().get().get("type"))
        self.assertEqual("policy-violation", self.condition(session.send().get()))

    def test_waits_no_longer_than_agreed(self):
        """bosh_wait_max and what the client wants, whichever is shorter."""
        session = self.someone(wait=1)
        begun = time.monotonic()
        self.assertEqual(0, len(session.send().get()))
        self.assertGreater(time.monotonic() - begun, 0.9)

    def test_ends_by_inactivity(self):
        """bosh_inactivity, and bosh_pause_max for who asked for a pause."""
        idle, paused = self.someone(), self.someone()
        paused.send(pause=60).get()
        self.pass_time(3)  # longer than inactivity, shorter than the longest pause
        self.assertEqual("item-not-found", self.condition(idle.send().get()))
        self.assertIsNone(paused.send(pause=60).get().get("type"))

    def test_terminates(self):
        session = self.someone().present()
        held = session.send()
        last = session.send("<presence xmlns='jabber:client' type='unavailable'/>", type="terminate").get()
        # The oldest is told of it (XEP-0124 §13).
        self.assertEqual("terminate", held.get().get("type"))
        self.assertIsNone(last.get("type"))
        self.assertEqual("item-not-found", self.condition(session.send().get()))

    def test_answers_in_the_type_that_is_asked_for(self):
        session = self.session(content="text/html; charset=utf-8")
        answer = session.send(pause=1)
        answer.get()
        self.assertEqual("text/html; charset=utf-8", answer.fields["Content-Type"])
        # Whatever a page elsewhere makes it say, it does not run in the name of this server.
        self.assertEqual("sandbox", answer.fields["Content-Security-Policy"])

    def test_tells_old_clients_by_status(self):
        for version, status in ((None, 404), ("1.6", 200)):
            answer = self.session(ver=version).send(rid=5000)
            self.assertEqual("item-not-found", self.condition(answer.get()))
            self.assertEqual(status, answer.status)

    def test_says_nothing_to_a_pause(self):
        session, anna = self.someone().present(), self.tcp()
        anna.enable()
        session.send(pause=2).get()
        anna.message(session.jid, "in the pause")
        anna.acked(1)
        self.assertEqual([], bodies(session.send(pause=2).get()))
        self.assertEqual("in the pause", session.until(session.send(), CLIENT + "message").findtext(CLIENT + "body"))

    def test_keeps_a_secure_session_secure(self):
        """A session that began with TLS is not spoken with without it, and does not end by somebody's trying."""
        session = self.someone(secure=True).present()
        session.secure = False
        thief = session.send()
        self.assertIsNone(thief.get())
        self.assertEqual(403, thief.status)
        self.assertEqual("close", thief.fields["Connection"])
        session.rid, session.secure = session.rid - 1, True
        self.assertIsNone(session.send(pause=1).get().get("type"))

    def test_ends_with_the_server(self):
        server = Server(users=["anna"]).start()
        self.addCleanup(server.remove)
        session = BoshSession(server).log_in("anna").present()
        # The first is answered because the second has come.
        first, held = session.send(), session.send()
        self.assertEqual(0, len(first.get()))
        server.stop()
        body = held.get()
        self.assertEqual("system-shutdown", self.condition(body))
        self.assertIsNotNone(body.find(STREAM + "error"))

    def test_rule14_survives_a_kill(self):
        """Rules 7 and 14: what was answered is stored; what was not is sent again and is there once."""
        server = Server(users=["anna", "bert"]).start()
        self.addCleanup(server.remove)
        wanted = [f"message {number}" for number in range(12)]
        unanswered = list(wanted)
        for _ in range(3):
            session = BoshSession(server, hold=0).log_in("anna", f"try{len(unanswered)}")
            for text in list(unanswered[:4]):
                answer = session.send(message("bert@example.org", text, text.replace(" ", "-")))
                if text == unanswered[0] and len(unanswered) < len(wanted):
                    server.kill()  # it may be stored and not answered, or neither
                    server.start()
                    answer.join(30)
                    if answer.body is not None:
                        unanswered.remove(text)
                    break
                self.assertIsNone(answer.get().get("type"))
                unanswered.remove(text)
        session = BoshSession(server, hold=0).log_in("anna", "last")
        for text in unanswered:
            self.assertIsNone(session.send(message("bert@example.org", text, text.replace(" ", "-"))).get().get("type"))
        bert = RawClient(server, "bert", "tcp").bind().presence()
        self.addCleanup(bert.socket.close)
        self.assertEqual(wanted, [body for body, _ in bert.bodies(len(wanted))])


if __name__ == "__main__":
    unittest.main()
