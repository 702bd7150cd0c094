# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Errors of streams (RFC 6120 §4.9) and of stanzas (§8.3), and what is no error."""

import unittest
import xml.etree.ElementTree as ElementTree

from raw import CLIENT, STANZA_ERRORS, STREAM, STREAM_ERRORS, Closed, RawClient, RawStream, condition_of
from server import DOMAIN, Server

HEADER = "<?xml version='1.0'{encoding}?><stream:stream xmlns='{content}' xmlns:stream='{streams}'{to}{version}>"
GOOD = {"encoding": "", "content": "jabber:client", "streams": "http://etherx.jabber.org/streams",
        "to": f" to='{DOMAIN}'", "version": " version='1.0'"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ROSTER = "{jabber:iq:roster}"
ANNA, BELA = f"anna@{DOMAIN}", f"bela@{DOMAIN}"

HEADERS = (
    ("a content namespace of servers", {"content": "jabber:server"}, "invalid-namespace"),
    ("a content namespace of nobody", {"content": "jabber:elsewhere"}, "invalid-namespace"),
    ("another namespace of streams", {"streams": "http://wrong.example/"}, "invalid-namespace"),
    ("a host that is not served", {"to": " to='elsewhere.example'"}, "host-unknown"),
    ("no host", {"to": ""}, "improper-addressing"),
    ("a host that is no address", {"to": " to='@@'"}, "improper-addressing"),
    ("a version before XMPP", {"version": " version='0.9'"}, "unsupported-version"),
    ("no version", {"version": ""}, "unsupported-version"),
    ("another encoding", {"encoding": " encoding='latin1'"}, "unsupported-encoding"),
)

BYTES = (
    ("no XML at all", "GET / HTTP/1.1\r\n\r\n", "not-well-formed"),
    ("another encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><stream:stream>", "unsupported-encoding"),
    ("a document type", "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>]>", "restricted-xml"),
    ("a document type before a header",
     HEADER.format(**GOOD).replace("?>", "?><!DOCTYPE a [<!ENTITY b 'c'>]>"), "restricted-xml"),
)

# Behind a good header, before the login.
EARLY = (
    ("tags that do not match", "<a></b>", "not-well-formed"),
    ("a comment", "<!-- hello -->", "restricted-xml"),
    ("a processing instruction", "<?php hello ?>", "restricted-xml"),
    ("a stanza", "<message/>", "not-authorized"),
    ("an element that nobody knows", "<x xmlns='urn:example:other'/>", "unsupported-stanza-type"),
)

# On a bound stream.
ELEMENTS = (
    ("tags that do not match", "<message><body></message>", "not-well-formed"),
    ("a comment", "<!-- hello -->", "restricted-xml"),
    ("a processing instruction", "<?php hello ?>", "restricted-xml"),
    ("an entity of one's own", "<message><body>&lol;</body></message>", "restricted-xml"),
    ("an entity of web pages", "<message><body>&nbsp;</body></message>", "restricted-xml"),
    ("a prefix that nobody declared", "<x:message/>", "bad-namespace-prefix"),
    ("an element that is no stanza", "<letter xmlns='jabber:client'/>", "unsupported-stanza-type"),
    ("an element of another namespace", "<message xmlns='urn:example:other'/>", "unsupported-stanza-type"),
    ("an element that nobody knows", "<x xmlns='urn:example:other'/>", "unsupported-stanza-type"),
    ("a stanza that is too large", f"<message><body>{'x' * 300_000}</body></message>", "policy-violation"),
)


class StreamErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user="anna"):
        client = RawClient(self.server, user).bind()
        self.addCleanup(client.close)
        return client

    def opened_with(self, text):
        stream = RawStream(self.server)
        self.addCleanup(stream.socket.close)
        stream.header(text)
        return stream

    def said_at_the_end(self, stream):
        """All that the server says until it ends the stream and the connection (RFC 6120 §4.4, §4.9.1.1)."""
        said = []
        with self.assertRaises(Closed):
            while True:
                said.append(stream.read())
        self.assertTrue(stream.ended, "the stream is not closed")
        self.assertTrue(stream.root.tag == STREAM + "stream" and stream.root.get("id"))
        self.assertEqual(stream.socket.recv(1), b"")
        return said

    def ends_with(self, stream, condition):
        """RFC 6120 §4.9.1: the answer to the header, one error, the end."""
        errors = [one for one in self.said_at_the_end(stream) if one.tag == STREAM + "error"]
        self.assertEqual([one[0].tag for one in errors], [STREAM_ERRORS + condition])

    def test_each_wrong_header_has_its_error(self):
        for words, wrong, condition in HEADERS:
            with self.subTest(words):
                self.ends_with(self.opened_with(HEADER.format(**{**GOOD, **wrong})), condition)

    def test_bytes_that_are_no_stream_have_their_error(self):
        for words, text, condition in BYTES:
            with self.subTest(words):
                self.ends_with(self.opened_with(text), condition)

    def test_each_wrong_element_before_the_login_has_its_error(self):
        for words, text, condition in EARLY:
            with self.subTest(words):
                self.ends_with(self.opened_with(HEADER.format(**GOOD) + text), condition)

    def test_the_answer_to_a_header_has_all_that_the_rfc_wants(self):
        """RFC 6120 §4.7: from, id, version and language; never the same id twice."""
        ids = set()
        for _ in range(3):
            stream = self.opened_with(HEADER.format(**GOOD))
            stream.read()
            root = stream.root
            self.assertEqual((root.get("from"), root.get("version")), (DOMAIN, "1.0"))
            self.assertEqual(root.get(LANG), "en")
            ids.add(root.get("id"))
        self.assertEqual(len(ids), 3)

    def test_what_a_stream_offers_is_told(self):
        """XEP-0478 for the bound of a stanza, RFC 6121 §2.6.1, XEP-0115, XEP-0352."""
        stream = RawClient(self.server, "anna")
        self.addCleanup(stream.socket.close)
        limits = stream.features.find("{urn:xmpp:stream-limits:0}limits")
        self.assertEqual(limits.findtext("{urn:xmpp:stream-limits:0}max-bytes"), "262144")
        for name in ("{http://jabber.org/protocol/caps}c", "{urn:xmpp:features:rosterver}ver", "{urn:xmpp:csi:0}csi"):
            self.assertIsNotNone(stream.features.find(name), name)

    def test_the_language_of_a_stream_is_that_of_its_stanzas(self):
        """RFC 6120 §8.1.5."""
        receiver = self.client().presence()
        sender = LanguageClient(self.server, "bela").bind()
        self.addCleanup(sender.close)
        sender.message(ANNA, "salut")
        self.assertEqual(receiver.until(CLIENT + "message").get(LANG), "fr")

    def test_each_wrong_element_ends_a_bound_stream_with_its_error(self):
        for words, text, condition in ELEMENTS:
            with self.subTest(words):
                client = RawClient(self.server, "anna").bind()
                self.addCleanup(client.socket.close)
                client.send(text)
                self.ends_with(client, condition)

    def test_a_sender_in_the_header_that_is_somebody_else_is_refused(self):
        """RFC 6120 §4.7.1."""
        stream = RawStream(self.server)
        stream.open()
        stream.authenticate("PLAIN", b"\0anna\0correct horse")
        stream.header(HEADER.format(**{**GOOD, "to": f" to='{DOMAIN}' from='bela@{DOMAIN}'"}))
        self.assertEqual(stream.error(), "invalid-from")

    def test_spaces_between_stanzas_keep_a_stream_alive_and_are_no_stanzas(self):
        client = self.client()
        client.enable()
        client.send("  \n \t ")
        self.assertEqual(client.request_ack(), 0)
        self.assertEqual(client.request("get", "<ping xmlns='urn:xmpp:ping'/>").get("type"), "result")

    def test_a_closed_stream_is_closed_by_the_other_side_too(self):
        """RFC 6120 §4.4."""
        client = RawClient(self.server, "anna").bind()
        self.addCleanup(client.socket.close)
        client.send("</stream:stream>")
        self.assertEqual([ElementTree.tostring(one) for one in self.said_at_the_end(client)], [])


class LanguageClient(RawClient):
    """Its stream is in French."""

    def send(self, text):
        super().send(text.replace("version='1.0'>", "version='1.0' xml:lang='fr'>"))


REFUSED = (
    ("an address that is none", "<message to='@@' id='{id}' type='chat'><body>x</body></message>", "modify",
     "jid-malformed"),
    ("an address without anything", "<message to='@' id='{id}' type='chat'><body>x</body></message>", "modify",
     "jid-malformed"),
    ("an IQ to an address that is none", "<iq to='a@b@c' id='{id}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
     "modify", "jid-malformed"),
    ("a request without a child", "<iq id='{id}' type='get'/>", "modify", "bad-request"),
    ("a request without a child to somebody else", "<iq id='{id}' type='get' to='bela@{domain}/raw'/>", "modify",
     "bad-request"),
    ("a request with two children", "<iq id='{id}' type='set'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>", "modify",
     "bad-request"),
    ("a request for the same thing twice",
     "<iq id='{id}' type='get'><ping xmlns='urn:xmpp:ping'/><ping xmlns='urn:xmpp:ping'/></iq>", "modify", "bad-request"),
    ("an IQ of no known type", "<iq id='{id}' type='tell'><a xmlns='urn:a'/></iq>", "modify", "bad-request"),
    ("an IQ without a type", "<iq id='{id}'><a xmlns='urn:a'/></iq>", "modify", "bad-request"),
    ("a request that nobody understands", "<iq id='{id}' type='get'><a xmlns='urn:a'/></iq>", "cancel",
     "service-unavailable"),
    ("a message to another domain", "<message to='x@elsewhere.example' id='{id}' type='chat'><body>x</body></message>",
     "cancel", "remote-server-not-found"),
    ("an IQ to another domain", "<iq to='elsewhere.example' id='{id}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
     "cancel", "remote-server-not-found"),
    ("a message to nobody", "<message to='nobody@{domain}' id='{id}' type='chat'><body>x</body></message>", "cancel",
     "service-unavailable"),
    ("a message to the server", "<message to='{domain}' id='{id}' type='chat'><body>x</body></message>", "cancel",
     "service-unavailable"),
)


class StanzaErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.anna = RawClient(self.server, "anna").bind()
        self.addCleanup(self.anna.close)

    def test_each_wrong_stanza_has_its_error_and_the_stream_goes_on(self):
        for number, (words, text, kind, condition) in enumerate(REFUSED):
            with self.subTest(words):
                name = f"wrong-{number}"
                self.anna.send(text.format(id=name, domain=DOMAIN))
                answer = self.anna.read()
                self.assertEqual((answer.get("id"), answer.get("type")), (name, "error"))
                self.assertEqual(condition_of(answer), (kind, condition))
                self.assertEqual(answer.get("to"), f"anna@{DOMAIN}/raw")

    def test_a_request_without_an_id_is_refused(self):
        """RFC 6120 §8.2.3."""
        self.anna.send("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(condition_of(self.anna.read()), ("modify", "bad-request"))

    def test_an_error_comes_from_whom_the_stanza_was_for(self):
        """RFC 6120 §8.3.1."""
        self.anna.send(f"<message to='nobody@{DOMAIN}/there' id='m' type='chat'><body>x</body></message>")
        self.assertEqual(self.anna.read().get("from"), f"nobody@{DOMAIN}/there")

    def test_errors_and_results_that_nobody_asked_for_are_not_answered(self):
        """RFC 6120 §8.3.1: an error is never answered with an error."""
        error = f"<error type='cancel'><gone xmlns='{STANZA_ERRORS[1:-1]}'/></error>"
        for to in (f"nobody@{DOMAIN}", DOMAIN, f"bela@{DOMAIN}/gone", "elsewhere.example", f"anna@{DOMAIN}"):
            self.anna.send(f"<iq to='{to}' id='e1' type='error'>{error}</iq><iq to='{to}' id='e2' type='result'/>"
                           f"<message to='{to}' id='e3' type='error'>{error}</message>")
        answer = self.anna.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        self.assertEqual(answer.get("type"), "result")
        self.anna.send("</stream:stream>")
        rest = []
        try:
            while True:
                rest.append(self.anna.read())
        except Exception as ended:
            self.assertEqual(str(ended), "the stream is closed")
        self.assertEqual([one.get("id") for one in rest if one.tag != CLIENT + "iq" or one.get("type") != "get"], [])

    def test_answers_to_a_roster_push_go_nowhere(self):
        self.anna.request("get", "<query xmlns='jabber:iq:roster'/>")
        self.anna.request("set", f"<query xmlns='jabber:iq:roster'><item jid='{BELA}'/></query>")
        push = self.anna.until(CLIENT + "iq")
        self.assertEqual((push.get("type"), push[0].tag), ("set", ROSTER + "query"))
        self.anna.send(f"<iq type='result' id='{push.get('id')}'/><iq type='error' id='{push.get('id')}' to='{ANNA}'/>"
                       "<iq type='get' id='behind'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(self.anna.until(CLIENT + "iq").get("id"), "behind")

    def test_a_message_of_unknown_type_is_a_normal_one(self):
        """RFC 6121 §5.2.2."""
        bela = RawClient(self.server, "bela").bind().presence()
        self.addCleanup(bela.close)
        self.anna.send(f"<message to='bela@{DOMAIN}' type='letter'><body>typed</body></message>")
        self.assertEqual(bela.bodies(1)[0][0], "typed")

    def test_the_sender_of_a_stanza_is_never_the_clients_word(self):
        """RFC 6120 §8.1.2.1: stamped over, or refused; never believed."""
        bela = RawClient(self.server, "bela").bind().presence()
        self.addCleanup(bela.close)
        self.anna.send(f"<message from='king@{DOMAIN}' to='bela@{DOMAIN}' type='chat'><body>forged</body></message>")
        message = bela.until(CLIENT + "message")
        self.assertEqual(message.get("from"), f"anna@{DOMAIN}/raw")


if __name__ == "__main__":
    unittest.main()
