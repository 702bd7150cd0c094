# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""SASL2 (XEP-0388) and what is done inside of it: resumption in one round trip, Bind 2 (XEP-0386), tokens (XEP-0484)."""

import base64
import unittest

from bosh import BoshSession
from raw import CLIENT, SM, STANZA_ERRORS, STREAM, STREAM_ERRORS, RawClient
from sasl2 import (BIND2, CARBONS, ENABLE, FAST, SASL2, Sasl2Client, authenticate, bind, by_password, hashed, refusal,
                   request_token, resume)
from scram import end_point
from server import ANONYMOUS, DOMAIN, Server
from websocket import WebSocketStream

MAM = "{urn:xmpp:mam:2}"
AGENT = "d4565fa7-4d72-4749-b3d3-740edbf87770"


class Sasl2(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela", "cleo", "dora", "eva"], config="[limits]\nshards = 2\n").start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user, wire="plain", agent=None):
        client = Sasl2Client(self.server, user, wire, agent)
        self.addCleanup(client.close)
        return client

    def sender(self, user="anna"):
        client = RawClient(self.server, user, "sender")
        self.addCleanup(client.close)
        client.bind().enable()
        return client

    def test_what_is_offered(self):
        client = self.client("anna", "direct")
        client.open()
        offer = client.features.find(SASL2 + "authentication")
        names = [one.text for one in offer.findall(SASL2 + "mechanism")]
        self.assertEqual(names, [one.text for one in client.features.iter("{urn:ietf:params:xml:ns:xmpp-sasl}mechanism")])
        inline = offer.find(SASL2 + "inline")
        self.assertIsNotNone(inline.find(SM + "sm"))
        self.assertEqual({one.get("var") for one in inline.iter(BIND2 + "feature")},
                         {"urn:xmpp:sm:3", "urn:xmpp:csi:0", "urn:xmpp:carbons:2"})
        fast = inline.find(FAST + "fast")
        self.assertIsNone(fast.get("tls-0rtt"))
        self.assertEqual([one.text for one in fast], ["HT-SHA-256-EXPR", "HT-SHA-256-ENDP", "HT-SHA-256-NONE"])

    def test_resumes_in_one_round_trip(self):
        """Nothing but one send, and everything that was missing comes behind the answer to it."""
        for wire in ("plain", "starttls", "direct"):
            with self.subTest(wire):
                bela = self.client("bela", wire)
                bound = bela.by_password(bind(ENABLE), request_token())
                self.assertIsNotNone(bound.find(BIND2 + "bound"))
                self.assertEqual(bela.read().tag, STREAM + "features")
                bela.presence().request("get", "<ping xmlns='urn:xmpp:ping'/>")
                anna = self.sender()
                anna.message(bela.jid, f"{wire} seen")
                self.assertEqual([body for body, _ in bela.bodies(1)], [f"{wire} seen"])
                handled = bela.handled
                bela.tear()
                wanted = [f"{wire} {number}" for number in range(5)]
                for body in wanted:
                    anna.message(bela.jid, body)
                anna.acked(6)
                back = self.client("bela", wire, bela.agent)
                success = back.by_token(bela.token, resume(bela.previous, handled), bind(ENABLE))
                self.assertEqual(success.find(SM + "resumed").get("previd"), bela.previous)
                self.assertIsNone(success.find(BIND2 + "bound"))
                self.assertEqual(success.findtext(SASL2 + "authorization-identifier"), bela.full)
                self.assertEqual(base64.b64decode(success.findtext(SASL2 + "additional-data")),
                                 hashed(bela.token, b"Responder"))
                found = []
                asked = False
                while len(found) < len(wanted) or not asked:
                    element = back.read()
                    asked = asked or element.tag == SM + "r"
                    if body := element.findtext(CLIENT + "body"):
                        found.append(body)
                self.assertEqual(found, wanted)

    def test_binds_when_there_is_nothing_to_resume(self):
        cleo = self.client("cleo")
        cleo.by_password(bind(ENABLE))
        first = cleo.full
        cleo.close()
        back = self.client("cleo", agent=cleo.agent)
        success = back.by_password(resume(cleo.previous, 0), bind(ENABLE))
        self.assertEqual(success.find(SM + "failed")[0].tag, STANZA_ERRORS + "item-not-found")
        self.assertNotIn(back.previous, (None, cleo.previous))
        self.assertEqual(back.full, first)
        features = back.read()
        self.assertEqual(features.tag, STREAM + "features")
        self.assertIsNone(features.find("{urn:ietf:params:xml:ns:xmpp-bind}bind"))
        # Without <bind/> it stays unbound, and may bind as RFC 6120 says.
        other = self.client("cleo")
        success = other.by_password(resume("gone", 0))
        self.assertIsNotNone(success.find(SM + "failed"))
        self.assertEqual(success.findtext(SASL2 + "authorization-identifier"), other.jid)
        self.assertIsNotNone(other.read().find("{urn:ietf:params:xml:ns:xmpp-bind}bind"))
        other.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        self.assertEqual(other.read().get("type"), "result")

    def test_what_waited_is_read_in_the_archive(self):
        """Rule 13: who bound with Bind 2 is not pushed what waits, until the archive shows it."""
        anna = self.sender()
        anna.message(f"dora@{DOMAIN}", "it waits")
        anna.acked(1)
        dora = self.client("dora")
        dora.by_password(bind(ENABLE))
        dora.read()
        dora.presence()
        anna.message(f"dora@{DOMAIN}", "live")
        self.assertEqual([body for body, _ in dora.bodies(1)], ["live"])
        dora.ack()
        dora.request("set", "<query xmlns='urn:xmpp:mam:2'/>", name="archive")
        dora.close()
        old = RawClient(self.server, "dora")
        self.addCleanup(old.close)
        # It was not acknowledged there, so it is pushed to who does not know of archives.
        old.bind().enable()
        old.presence()
        self.assertEqual([body for body, _ in old.bodies(1)], ["it waits"])

    def test_the_ends_of_the_archive_come_with_the_session(self):
        anna = self.sender()
        for body in ("first", "second"):
            anna.message(f"cleo@{DOMAIN}", body)
        anna.acked(2)
        cleo = self.client("cleo")
        told = cleo.by_password(bind()).find(f"{BIND2}bound/{MAM}metadata")
        cleo.read()
        asked = cleo.request("get", "<metadata xmlns='urn:xmpp:mam:2'/>").find(MAM + "metadata")
        self.assertEqual([(one.tag, one.attrib) for one in told], [(one.tag, one.attrib) for one in asked])
        self.assertEqual(len(told), 2)

    def test_carbons_and_inactivity_from_the_beginning(self):
        eva = self.client("eva")
        eva.by_password(bind(ENABLE, CARBONS, "<inactive xmlns='urn:xmpp:csi:0'/>"))
        eva.read()
        phone = RawClient(self.server, "eva", "phone")
        self.addCleanup(phone.close)
        phone.bind()
        phone.message(f"anna@{DOMAIN}", "from the phone")
        copy = eva.until(CLIENT + "message")
        self.assertIsNotNone(copy.find("{urn:xmpp:carbons:2}sent"))

    def test_a_client_has_one_session(self):
        first = self.client("anna", agent=AGENT)
        first.by_password(bind(tag="one"))
        first.read()
        second = self.client("anna", agent=AGENT.upper())
        second.by_password(bind(tag="two"))
        self.assertNotEqual(first.full, second.full)
        self.assertEqual(first.until(STREAM + "error")[0].tag, STREAM_ERRORS + "conflict")
        third = self.client("anna", agent=AGENT)
        third.by_password(bind(tag="one"))
        self.assertEqual(third.full, first.full)

    def test_refusals_leave_the_stream_open(self):
        client = self.client("anna")
        self.assertEqual(refusal(client.by_password(password="wrong")), "not-authorized")
        client.send(authenticate("X-ANY", b""))
        self.assertEqual(refusal(client.read()), "invalid-mechanism")
        client.send(by_password("anna", bind(), agent="me"))
        self.assertEqual(refusal(client.read()), "malformed-request")
        client.send(by_password("anna", bind()))
        self.assertEqual(client.read().tag, SASL2 + "success")
        # Once is enough.
        client.read()
        client.send(by_password("anna", bind()))
        self.assertEqual(client.until(STREAM + "error")[0].tag, STREAM_ERRORS + "unsupported-stanza-type")

    def test_over_websocket(self):
        stream = WebSocketStream(self.server)
        self.addCleanup(stream.close)
        stream.open()
        stream.send(by_password("anna", bind(ENABLE), agent=AGENT))
        success = stream.read()
        self.assertIsNotNone(success.find(f"{BIND2}bound/{SM}enabled"))
        self.assertEqual(stream.read().tag, STREAM + "features")

    def test_over_bosh(self):
        session = BoshSession(self.server)
        session.until(session.send(by_password("anna", bind(), agent=AGENT)), SASL2 + "success")
        answer = session.send("<iq xmlns='jabber:client' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(session.until(answer, CLIENT + "iq").get("type"), "result")

    def test_nobody_in_particular(self):
        stream = self.client("anna")
        stream.domain = ANONYMOUS
        success = stream.enter(authenticate("ANONYMOUS", b"", bind(ENABLE)))
        self.assertIn(f"@{ANONYMOUS}/raw/", success.findtext(SASL2 + "authorization-identifier"))


class Tokens(unittest.TestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela"]).start()
        self.addCleanup(self.server.remove)

    def client(self, user="anna", wire="plain"):
        client = Sasl2Client(self.server, user, wire, AGENT)
        self.addCleanup(client.close)
        return client

    def given(self, user="anna", wire="plain", mechanism="HT-SHA-256-NONE"):
        client = self.client(user, wire)
        client.by_password(request_token(mechanism))
        self.assertTrue(client.token)
        return client.token

    def fails(self, token, condition="not-authorized", **options):
        self.assertEqual(refusal(self.client().by_token(token, **options)), condition)

    def test_is_good_until_the_password_changes(self):
        token = self.given()
        self.assertEqual(self.client().by_token(token).tag, SASL2 + "success")
        self.server.kill()
        self.server.start()
        self.assertEqual(self.client().by_token(token).tag, SASL2 + "success")
        self.assertEqual(0, self.server.run("user", "passwd", f"anna@{DOMAIN}", text="another one\n").returncode)
        self.fails(token)

    def test_is_gone_with_its_account(self):
        token = self.given("bela")
        self.assertEqual(0, self.server.run("user", "remove", f"bela@{DOMAIN}", "--yes").returncode)
        self.server.import_users(["bela"])
        self.assertEqual(refusal(self.client("bela").by_token(token)), "not-authorized")

    def test_is_taken_back(self):
        token = self.given()
        client = self.client()
        text = authenticate("HT-SHA-256-NONE", b"anna\0" + hashed(token, b"Initiator"),
                            "<fast xmlns='urn:xmpp:fast:0' invalidate='1'/>", agent=AGENT)
        self.assertEqual(client.enter(text).tag, SASL2 + "success")
        self.fails(token)

    def test_is_bound_to_the_certificate(self):
        token = self.given(wire="direct", mechanism="HT-SHA-256-ENDP")
        self.fails(token)
        self.fails(token, "invalid-mechanism", mechanism="HT-SHA-256-ENDP")
        for wire in ("direct", "starttls"):
            client = self.client(wire=wire)
            success = client.by_token(token, mechanism="HT-SHA-256-ENDP", binding=end_point(client))
            self.assertEqual(base64.b64decode(success.findtext(SASL2 + "additional-data")),
                             hashed(token, b"Responder", end_point(client)))
        other = self.client(wire="direct")
        self.assertEqual(refusal(other.by_token(token, mechanism="HT-SHA-256-ENDP", binding=b"x" * 32)), "not-authorized")

    def test_needs_no_round_trip_for_a_session(self):
        token = self.given()
        client = self.client()
        success = client.by_token(token, bind(ENABLE))
        self.assertIsNotNone(success.find(f"{BIND2}bound/{SM}enabled"))
        self.assertIsNone(success.find(FAST + "token"))


class TlsRequired(unittest.TestCase):
    def test_nothing_before_tls(self):
        server = Server(users=["anna"])
        server.config_path.write_text(server.config_path.read_text().replace("require = false", "require = true"))
        server.start()
        self.addCleanup(server.remove)
        client = Sasl2Client(server, "anna")
        self.addCleanup(client.close)
        self.assertEqual(refusal(client.by_password()), "encryption-required")
        self.assertIsNone(client.features.find(SASL2 + "authentication"))
        secure = Sasl2Client(server, "anna", "starttls")
        self.addCleanup(secure.close)
        self.assertEqual(secure.by_password().tag, SASL2 + "success")


if __name__ == "__main__":
    unittest.main()
