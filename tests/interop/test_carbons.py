# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Which messages are copied to whom (XEP-0280 §6)."""

import unittest

from raw import CLIENT, RawClient
from server import DOMAIN, Server

CARBONS = "{urn:xmpp:carbons:2}"
STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
# (words, attributes and content of the message, whether it is copied)
MESSAGES = (
    ("a chat message", "type='chat'", "<body>x</body>", True),
    ("a chat state", "type='chat'", STATE, True),
    ("a normal message with words", "", "<body>x</body>", True),
    ("a normal message without", "", "<data xmlns='urn:example:data'/>", False),
    ("a receipt", "", "<received xmlns='urn:xmpp:receipts' id='1'/>", True),
    ("a private one", "type='chat'", "<body>x</body><private xmlns='urn:xmpp:carbons:2'/>", False),
    ("one not to be copied", "type='chat'", "<body>x</body><no-copy xmlns='urn:xmpp:hints'/>", False),
    ("one not to be stored", "type='chat'", "<body>x</body><no-store xmlns='urn:xmpp:hints'/>", True),
    ("a headline", "type='headline'", "<body>x</body>", False),
    ("an error", "type='error'", "<error type='cancel'/>", False),
)


class Carbons(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.here = self.client("anna", "here")
        self.copied = self.client("anna", "copied")
        self.plain = self.client("anna", "plain")
        self.bela = self.client("bela", "far")
        for client in (self.here, self.copied):
            self.carbons(client, "enable")

    def client(self, user, resource):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.close)
        client.enable()
        client.presence()
        return client

    def carbons(self, client, what):
        self.assertEqual(client.request("set", f"<{what} xmlns='urn:xmpp:carbons:2'/>").get("type"), "result")

    def marked(self, client, sender):
        """What came to a client before a message that is sent to it now: (wrapper, message) of each."""
        sender.message(f"{client.jid}/{client.resource}", "marker",
                       extra="<no-copy xmlns='urn:xmpp:hints'/>")
        found = []
        while True:
            message = client.until(CLIENT + "message")
            if message.findtext(CLIENT + "body") == "marker":
                client.ack()
                return found
            wrapper = next((one for one in message if one.tag.startswith(CARBONS)), None)
            inner = message if wrapper is None else wrapper.find(f"*/{CLIENT}message")
            if inner is None or inner.findtext(CLIENT + "body") != "marker":
                found.append((None if wrapper is None else wrapper.tag.removeprefix(CARBONS), inner, message))

    def test_received_messages_are_copied_by_their_kind(self):
        for words, attributes, content, wanted in MESSAGES:
            with self.subTest(words):
                self.bela.send(f"<message to='anna@{DOMAIN}/here' {attributes}>{content}</message>")
                self.assertEqual(len(self.marked(self.here, self.bela)), 1)
                copies = self.marked(self.copied, self.bela)
                self.assertEqual([one[0] for one in copies], ["received"] if wanted else [])
                self.assertEqual(self.marked(self.plain, self.bela), [])

    def test_sent_messages_are_copied_by_their_kind_and_not_to_who_sent_them(self):
        for words, attributes, content, wanted in MESSAGES:
            with self.subTest(words):
                self.here.send(f"<message to='bela@{DOMAIN}/far' {attributes}>{content}</message>")
                self.assertEqual(len(self.marked(self.bela, self.here)), 1)
                copies = self.marked(self.copied, self.here)
                self.assertEqual([one[0] for one in copies], ["sent"] if wanted else [])
                self.assertEqual(self.marked(self.here, self.bela), [])

    def test_a_copy_is_wrapped_and_named_as_the_archive_names_it(self):
        self.bela.message(f"anna@{DOMAIN}/here", "wrapped", origin="wrapped")
        direct = self.marked(self.here, self.bela)[0][1]
        _, inner, outer = self.marked(self.copied, self.bela)[0]
        self.assertEqual((outer.get("from"), outer.get("to")), (f"anna@{DOMAIN}", f"anna@{DOMAIN}/copied"))
        self.assertEqual((inner.get("from"), inner.get("to")), (f"bela@{DOMAIN}/far", f"anna@{DOMAIN}/here"))
        self.assertEqual(self.here.stanza_id(inner), self.here.stanza_id(direct))
        self.assertTrue(self.here.stanza_id(inner))

    def test_nobody_gets_a_message_and_its_copy(self):
        self.bela.message(f"anna@{DOMAIN}", "to all", origin="to all")
        for client in (self.here, self.copied, self.plain):
            self.assertEqual([one[0] for one in self.marked(client, self.bela)], [None])

    def test_disabling_ends_the_copies(self):
        self.carbons(self.copied, "disable")
        self.bela.message(f"anna@{DOMAIN}/here", "no copy", origin="no copy")
        self.assertEqual(len(self.marked(self.here, self.bela)), 1)
        self.assertEqual(self.marked(self.copied, self.bela), [])

    def test_a_copy_that_was_proved_is_proof_for_the_account(self):
        """Rules 11 and 12: the message is not given to the next device again."""
        self.bela.message(f"anna@{DOMAIN}/here", "seen elsewhere", origin="seen elsewhere")
        self.assertEqual([one[0] for one in self.marked(self.copied, self.bela)], ["received"])
        self.copied.request_ack()
        self.here.tear()
        late = self.client("anna", "late")
        self.assertEqual([one for one in self.marked(late, self.bela)
                          if one[1].findtext(CLIENT + "body") == "seen elsewhere"], [])


if __name__ == "__main__":
    unittest.main()
