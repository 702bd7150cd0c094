# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What the standards say of streams, requests and their errors, seen on the socket (RFC 6120, RFC 6121, XEP-0198)."""

import socket
import unittest
import xml.etree.ElementTree as ElementTree

from raw import CLIENT, SM, Closed, RawClient
from server import DOMAIN, Server

ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
STREAMS = "{urn:ietf:params:xml:ns:xmpp-streams}"
STREAM_ERROR = "{http://etherx.jabber.org/streams}error"
ROSTER = "{jabber:iq:roster}"
ANNA, BELA = f"anna@{DOMAIN}", f"bela@{DOMAIN}"
HEADER = (f"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
          f"to='{DOMAIN}' version='1.0'>")


class Streams(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user="anna", resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.socket.close)
        return client

    def condition(self, stanza):
        self.assertEqual(stanza.get("type"), "error", ElementTree.tostring(stanza))
        return stanza.find(CLIENT + "error")[0].tag.removeprefix(ERRORS)

    def ended_by(self, client):
        """The stream error that ends the stream, which the server closes."""
        said = []
        with self.assertRaises(Closed):
            while True:
                said.append(client.read())
        errors = [element for element in said + client.pending if element.tag == STREAM_ERROR]
        self.assertEqual(len(errors), 1)
        return errors[0]

    def sends(self, bytes_):
        """All that the server says to bytes on a fresh connection, until it closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=15) as connection:
            connection.sendall(bytes_)
            said = b""
            while data := connection.recv(65536):
                said += data
            return said.decode()

    # Streams

    def test_stream_headers_that_are_refused(self):
        """RFC 6120 §4.9.3: our header, the error, the end of the stream."""
        cases = {
            "another namespace": (HEADER.replace("jabber:client", "jabber:elsewhere"), "invalid-namespace"),
            "no stream namespace": (HEADER.replace("etherx.jabber.org/streams", "example.org"), "invalid-namespace"),
            "another host": (HEADER.replace(DOMAIN, "elsewhere.example"), "host-unknown"),
            "no host": (HEADER.replace(f"to='{DOMAIN}'", ""), "improper-addressing"),
            "no version": (HEADER.replace(" version='1.0'>", ">"), "unsupported-version"),
            "another encoding": (HEADER.replace("?xml version='1.0'", "?xml version='1.0' encoding='latin1'"),
                                 "unsupported-encoding"),
            "a DTD": ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]>" + HEADER[21:], "restricted-xml"),
            "a comment": (HEADER + "<!-- x -->", "restricted-xml"),
            "a processing instruction": (HEADER + "<?x y?>", "restricted-xml"),
            "not well-formed": (HEADER + "<a></b>", "not-well-formed"),
            "a stanza before the login": (HEADER + "<message/>", "not-authorized"),
            "an element nobody knows": (HEADER + "<x xmlns='urn:example'/>", "unsupported-stanza-type"),
        }
        for name, (text, wanted) in cases.items():
            with self.subTest(name):
                said = self.sends(text.encode())
                self.assertIn("<stream:stream", said)
                self.assertIn(f"<{wanted} xmlns='urn:ietf:params:xml:ns:xmpp-streams'", said)
                self.assertTrue(said.endswith("</stream:stream>"), said)

    def test_bound_streams_end_by_what_is_wrong(self):
        cases = {
            "an element nobody knows": ("<x xmlns='urn:example'/>", "unsupported-stanza-type"),
            "a stanza that is too large": (f"<message><body>{'x' * 300_000}</body></message>", "policy-violation"),
            "not well-formed": ("<message><body></message>", "not-well-formed"),
            "an entity": ("<message><body>&nbsp;</body></message>", "restricted-xml"),
        }
        for name, (text, wanted) in cases.items():
            with self.subTest(name):
                client = self.client(resource="ends")
                client.send(text)
                error = self.ended_by(client)
                self.assertIsNotNone(error.find(STREAMS + wanted), ElementTree.tostring(error))

    def test_a_closed_stream_is_closed(self):
        """RFC 6120 §4.4: the server answers the end of a stream with its own."""
        client = self.client()
        client.send("</stream:stream>")
        with self.assertRaises(Closed):
            client.read()
        self.assertEqual(client.depth, 0)

    def test_white_space_keeps_a_stream_alive_and_is_no_stanza(self):
        client = self.client()
        client.enable()
        client.send("  \n \t ")
        self.assertEqual(client.request_ack(), 0)

    def test_language_of_the_stream_is_that_of_its_stanzas(self):
        """RFC 6120 §8.1.5."""
        receiver = self.client()
        receiver.presence()
        sender = LanguageClient(self.server, "bela", "spoken")
        self.addCleanup(sender.socket.close)
        sender.bind()
        sender.message(ANNA, "salut")
        self.assertEqual(receiver.until(CLIENT + "message").get("{http://www.w3.org/XML/1998/namespace}lang"), "fr")

    def test_stanza_limits_are_told(self):
        """XEP-0478."""
        features = RawClient(self.server, "anna")
        self.addCleanup(features.socket.close)
        limits = features.features.find("{urn:xmpp:stream-limits:0}limits")
        self.assertEqual(limits.findtext("{urn:xmpp:stream-limits:0}max-bytes"), "262144")
        self.assertIsNotNone(features.features.find("{http://jabber.org/protocol/caps}c"))
        self.assertIsNotNone(features.features.find("{urn:xmpp:features:rosterver}ver"))
        self.assertIsNotNone(features.features.find("{urn:xmpp:csi:0}csi"))

    # Stanzas

    def test_requests_that_are_none(self):
        """RFC 6120 §8.2.3."""
        ping = "<ping xmlns='urn:xmpp:ping'/>"
        cases = {
            "no id": f"<iq type='get'>{ping}</iq>",
            "no type": f"<iq id='x'>{ping}</iq>",
            "a type nobody knows": f"<iq type='ask' id='x'>{ping}</iq>",
            "nothing asked": "<iq type='get' id='x'/>",
            "two things asked": f"<iq type='get' id='x'>{ping}{ping}</iq>",
            "nothing asked of somebody else": f"<iq type='get' id='x' to='{BELA}/raw'/>",
        }
        client = self.client()
        for name, text in cases.items():
            with self.subTest(name):
                client.send(text)
                self.assertEqual(self.condition(client.until(CLIENT + "iq")), "bad-request")

    def test_addresses(self):
        client, other = self.client(), self.client("bela")
        other.presence()
        client.send("<message to='@' type='chat' id='x'><body>x</body></message>")
        self.assertEqual(self.condition(client.until(CLIENT + "message")), "jid-malformed")
        client.send("<iq to='elsewhere.example' type='get' id='x'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(self.condition(client.until(CLIENT + "iq")), "remote-server-not-found")
        # RFC 6120 §8.1.2.1: who sends it is not what the client says.
        client.send(f"<message from='romeo@elsewhere.example' to='{BELA}' type='chat'><body>x</body></message>")
        self.assertEqual(other.until(CLIENT + "message").get("from"), f"{ANNA}/raw")

    def test_an_answer_to_a_roster_push_goes_nowhere(self):
        client = self.client()
        client.send("<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>")
        client.until(CLIENT + "iq")
        client.send(f"<iq type='set' id='s'><query xmlns='jabber:iq:roster'><item jid='{BELA}'/></query></iq>")
        push = client.until(CLIENT + "iq")
        self.assertEqual(push.get("type"), "set")
        client.until(CLIENT + "iq")
        client.send(f"<iq type='result' id='{push.get('id')}'/>"
                    f"<iq type='error' id='{push.get('id')}' to='{ANNA}'/>"
                    "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(client.until(CLIENT + "iq").get("id"), "p")

    # XEP-0198

    def test_acks_out_of_order(self):
        client = self.client()
        # Too early, and no answer to it is no harm; a refusal would be taken for that of <enable/>.
        client.send("<r xmlns='urn:xmpp:sm:3'/><enable xmlns='urn:xmpp:sm:3'/>")
        self.assertEqual(client.read().tag, SM + "enabled")
        client.send("<enable xmlns='urn:xmpp:sm:3'/>")
        self.assertIsNotNone(client.until(SM + "failed").find(ERRORS + "unexpected-request"))
        client.send("<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>")
        self.assertIsNotNone(client.until(SM + "failed").find(ERRORS + "unexpected-request"))

    def test_an_ack_of_what_was_never_sent(self):
        client = self.client()
        client.enable()
        client.send("<a xmlns='urn:xmpp:sm:3' h='7'/>")
        error = self.ended_by(client)
        self.assertIsNotNone(error.find(STREAMS + "undefined-condition"))
        wrong = error.find(SM + "handled-count-too-high")
        self.assertEqual([wrong.get("h"), wrong.get("send-count")], ["7", "0"])

    def test_the_shorter_time_of_resumption_holds(self):
        client = self.client()
        client.send("<enable xmlns='urn:xmpp:sm:3' resume='true' max='30'/>")
        self.assertEqual(client.until(SM + "enabled").get("max"), "30")
        other = self.client(resource="patient")
        other.send("<enable xmlns='urn:xmpp:sm:3' resume='true' max='100000'/>")
        self.assertEqual(other.until(SM + "enabled").get("max"), "600")
        none = self.client(resource="none")
        none.send("<enable xmlns='urn:xmpp:sm:3'/>")
        self.assertIsNone(none.until(SM + "enabled").get("id"))

    def test_what_cannot_be_resumed(self):
        client = RawClient(self.server, "anna")
        self.addCleanup(client.socket.close)
        failed = client.resume("nothing of the kind", 0)
        self.assertEqual(failed.tag, SM + "failed")
        self.assertIsNotNone(failed.find(ERRORS + "item-not-found"))
        stranger = self.client("bela")
        previous = stranger.enable()
        self.assertEqual(client.resume(previous, 0).tag, SM + "failed")
        client.bind()

    def test_a_stream_is_resumed_while_its_old_connection_lives(self):
        old = self.client()
        previous = old.enable()
        new = RawClient(self.server, "anna")
        self.addCleanup(new.socket.close)
        self.assertEqual(new.resume(previous, 0).tag, SM + "resumed")
        self.assertIsNotNone(self.ended_by(old).find(STREAMS + "conflict"))
        new.send("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(new.until(CLIENT + "iq").get("to"), f"{ANNA}/raw")


class LanguageClient(RawClient):
    """Its stream is in French."""

    def send(self, text):
        super().send(text.replace("version='1.0'>", "version='1.0' xml:lang='fr'>"))


class NeverResumed(unittest.TestCase):
    def test_a_server_that_resumes_nothing_says_so(self):
        server = Server(users=["anna"], config="[stream_management]\nresume_timeout = 0\n").start()
        self.addCleanup(server.remove)
        client = RawClient(server, "anna").bind()
        self.addCleanup(client.socket.close)
        client.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        enabled = client.until(SM + "enabled")
        self.assertEqual([enabled.get("id"), enabled.get("resume")], [None, None])


if __name__ == "__main__":
    unittest.main()
