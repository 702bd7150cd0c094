# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""trace: a message that waits, the same once a device proved it, and what is no message."""

import unittest

from command import ALICE, BOB, CommandTest
from server import DOMAIN

BODY = "nobody else's business"


class Trace(CommandTest):
    def setUp(self):
        super().setUp()
        self.add(ALICE, BOB)
        self.server.start()
        self.alice = self.login("alice")
        self.alice.enable()
        self.alice.message(BOB, BODY, origin="origin-1")
        self.alice.acked(1)

    def received(self):
        """Bob has it, unproved; his stanza-id of it."""
        bob = self.login("bob", "phone")
        bob.enable()
        bob.presence()
        [(body, stanza_id)] = bob.bodies(1)
        self.assertEqual(body, BODY)
        return bob, stanza_id

    def test_waiting_then_proved(self):
        """Rule 17: the books are the row and its proofs, and they say which device has it."""
        bob, stanza_id = self.received()
        printed = self.ok("trace", BOB, stanza_id)
        self.assertRegex(printed, rf"(?m)^from +{ALICE}$")
        self.assertRegex(printed, rf"(?m)^to +{BOB}$")
        self.assertRegex(printed, r"(?m)^stored +\d{4}-\d\d-\d\dT")
        self.assertRegex(printed, r"(?m)^ +delivery +pending")
        self.assertNotIn(BODY, printed)
        # Until the proof is booked, which is a little after it was sent.
        bob.ack()
        bob.request_ack()
        for _ in range(100):
            printed = self.ok("trace", BOB, stanza_id)
            if "pending" not in printed:
                break
        self.assertRegex(printed, r"(?m)^ +delivery +proved$")
        self.assertRegex(printed, r"(?m)^ +proved +\d{4}-\d\d-\d\dT\S+ by phone$")
        self.assertNotIn(BODY, printed)

    def test_the_same_without_a_server(self):
        _, stanza_id = self.received()
        with_server = self.ok("trace", BOB, stanza_id)
        self.server.stop()
        self.assertEqual(self.ok("trace", BOB, stanza_id), with_server)
        # The sender's own id of it, out of the same page, leads to the same.
        own = with_server.split(f"sender {ALICE}\n")[1].split()[1]
        self.assertEqual(self.ok("trace", ALICE, own), with_server)

    def test_what_is_no_message(self):
        _, stanza_id = self.received()
        self.fails("trace", BOB, "origin-1", says="not searchable")
        self.fails("trace", ALICE, stanza_id, says="no stanza-id of")
        self.fails("trace", ALICE, "--" + stanza_id[2:], says="no stanza-id of")
        self.fails("trace", f"carol@{DOMAIN}", stanza_id, says="there is no account")
        self.fails("trace", "carol@elsewhere.org", stanza_id, status=2, says="accounts of this server are at")
        self.fails("trace", BOB, status=2, says="needs JID ID")


if __name__ == "__main__":
    unittest.main()
