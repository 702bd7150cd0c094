# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Errors of streams (RFC 6120 §4.9) and of stanzas (§8.3), and what is no error."""

import unittest

from raw import CLIENT, STANZA_ERRORS, RawClient, RawStream, condition_of
from server import DOMAIN, Server

HEADER = ("<?xml version='1.0'?><stream:stream xmlns='{content}' xmlns:stream='{streams}'{to} version='{version}'>")
GOOD = {"content": "jabber:client", "streams": "http://etherx.jabber.org/streams", "to": f" to='{DOMAIN}'",
        "version": "1.0"}

HEADERS = (
    ("a content namespace of servers", {"content": "jabber:server"}, "invalid-namespace"),
    ("another namespace of streams", {"streams": "http://wrong.example/"}, "invalid-namespace"),
    ("a host that is not served", {"to": " to='elsewhere.example'"}, "host-unknown"),
    ("no host", {"to": ""}, "improper-addressing"),
    ("a host that is no address", {"to": " to='@@'"}, "improper-addressing"),
    ("a version before XMPP", {"version": "0.9"}, "unsupported-version"),
)

BYTES = (
    ("no XML at all", "GET / HTTP/1.1\r\n\r\n", "not-well-formed"),
    ("another encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><stream:stream>", "unsupported-encoding"),
    ("a document type", "<?xml version='1.0'?><!DOCTYPE lolz [<!ENTITY lol 'lol'>]>", "restricted-xml"),
)

ELEMENTS = (
    ("tags that do not match", "<message><body></message>", "not-well-formed"),
    ("a comment", "<!-- hello -->", "restricted-xml"),
    ("a processing instruction", "<?php hello ?>", "restricted-xml"),
    ("an entity of one's own", "<message><body>&lol;</body></message>", "restricted-xml"),
    ("a prefix that nobody declared", "<x:message/>", "bad-namespace-prefix"),
    ("an element that is no stanza", "<letter xmlns='jabber:client'/>", "unsupported-stanza-type"),
    ("an element of another namespace", "<message xmlns='urn:example:other'/>", "unsupported-stanza-type"),
)


class StreamErrors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def opened_with(self, text):
        stream = RawStream(self.server)
        self.addCleanup(stream.socket.close)
        stream.header(text)
        return stream

    def test_each_wrong_header_has_its_error(self):
        for words, wrong, condition in HEADERS:
            with self.subTest(words):
                self.assertEqual(self.opened_with(HEADER.format(**{**GOOD, **wrong})).error(), condition)

    def test_bytes_that_are_no_stream_have_their_error(self):
        for words, text, condition in BYTES:
            with self.subTest(words):
                self.assertEqual(self.opened_with(text).error(), condition)

    def test_the_answer_to_a_header_has_all_that_the_rfc_wants(self):
        """RFC 6120 §4.7: from, id, version and language; never the same id twice."""
        ids = set()
        for _ in range(3):
            stream = self.opened_with(HEADER.format(**GOOD))
            stream.read()
            root = stream.root
            self.assertEqual((root.get("from"), root.get("version")), (DOMAIN, "1.0"))
            self.assertEqual(root.get("{http://www.w3.org/XML/1998/namespace}lang"), "en")
            ids.add(root.get("id"))
        self.assertEqual(len(ids), 3)

    def test_an_error_before_the_answer_comes_inside_a_stream(self):
        """RFC 6120 §4.9.1.2."""
        stream = self.opened_with(HEADER.format(**{**GOOD, "to": " to='elsewhere.example'"}))
        self.assertEqual(stream.error(), "host-unknown")
        self.assertTrue(stream.root.tag.endswith("}stream"))

    def test_each_wrong_element_ends_a_bound_stream_with_its_error(self):
        for words, text, condition in ELEMENTS:
            with self.subTest(words):
                client = RawClient(self.server, "anna").bind()
                self.addCleanup(client.socket.close)
                client.send(text)
                self.assertEqual(client.error(), condition)

    def test_a_sender_in_the_header_that_is_somebody_else_is_refused(self):
        """RFC 6120 §4.7.1."""
        stream = RawStream(self.server)
        stream.open()
        stream.authenticate("PLAIN", b"\0anna\0correct horse")
        stream.header(HEADER.format(**{**GOOD, "to": f" to='{DOMAIN}' from='bela@{DOMAIN}'"}))
        self.assertEqual(stream.error(), "invalid-from")

    def test_spaces_between_stanzas_keep_a_stream_alive_and_no_more(self):
        client = RawClient(self.server, "anna").bind()
        self.addCleanup(client.close)
        client.send(" \n\t ")
        self.assertEqual(client.request("get", "<ping xmlns='urn:xmpp:ping'/>").get("type"), "result")

    def test_a_closed_stream_is_closed_by_the_other_side_too(self):
        client = RawClient(self.server, "anna").bind()
        client.send("</stream:stream>")
        with self.assertRaises(Exception) as ended:
            while True:
                client.read()
        self.assertEqual(str(ended.exception), "the stream is closed")
        client.socket.close()


REFUSED = (
    ("an address that is none", "<message to='@@' id='{id}' type='chat'><body>x</body></message>", "modify",
     "jid-malformed"),
    ("an IQ to an address that is none", "<iq to='a@b@c' id='{id}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>",
     "modify", "jid-malformed"),
    ("a request without a child", "<iq id='{id}' type='get'/>", "modify", "bad-request"),
    ("a request with two children", "<iq id='{id}' type='set'><a xmlns='urn:a'/><b xmlns='urn:b'/></iq>", "modify",
     "bad-request"),
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
