# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""kill -9 of the server in a running chat: nothing accepted is lost, nothing is stored twice, the order is kept."""

import os
import random
import unittest

from compactwire import CompactClient
from counting import CountingClient, archive
from raw import RawClient
from server import Server
from websocket import WebSocketClient

ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "20"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
WIRES = {"tcp": RawClient, "websocket": WebSocketClient, "compact": CompactClient}
FIRST, SECOND = (WIRES[name] for name in os.environ.get("CHAOS_WIRES", "tcp tcp").split())


class Killed(unittest.TestCase):
    def test_nothing_accepted_is_lost_and_nothing_is_stored_twice(self):
        """Rules 1, 4, 7 and 8, over restarts on the same data folder."""
        chance = random.Random(SEED)
        server = Server(users=["romeo", "juliet"]).start()
        self.addCleanup(server.remove)
        pair = [CountingClient(server, "romeo", "juliet", FIRST), CountingClient(server, "juliet", "romeo", SECOND)]
        for number in range(ROUNDS):
            for client in pair:
                client.proves = chance.random() < 0.7
                client.connect()
            for _ in range(chance.randrange(5, 60)):
                chance.choice(pair).say()
            if chance.random() < 0.5:
                # In the middle of the acks, and not only in front of them.
                witness = chance.choice(pair)
                wanted = chance.randint(witness.accepted, len(witness.sent))
                witness.wait(lambda one=witness, least=wanted: one.accepted >= least)
            server.kill()
            for client in pair:
                client.drop()
                self.assertEqual(client.faults, [], f"in round {number} of seed {SEED}")
            server.start()
        accepted = [client.sent[:client.accepted] for client in pair]
        for client in pair:
            # Before anything is sent again: what was accepted is there, once and in order.
            stored = [body for _, sender, body in archive(server, client.peer) if sender == client.user]
            self.assertEqual(len(stored), len(set(stored)), "stored twice")
            self.assertEqual(stored, [body for body in client.sent if body in set(stored)], "the order changed")
            self.assertEqual([body for body in accepted[pair.index(client)] if body not in set(stored)], [],
                             "accepted and lost")
        self.finish(server, pair)

    def finish(self, server, pair):
        """All is sent again that was not accepted, and then everything is everywhere, once."""
        for client in pair:
            client.proves = True
            client.connect()
            client.say()
        for client, other in (pair, reversed(pair)):
            client.wait(lambda one=client: one.accepted == len(one.sent))
            client.wait(lambda one=client, sent=other.sent: len(one.received) >= len(sent))
            self.assertEqual(client.faults, [])
            self.assertEqual(set(client.received), set(other.sent))
        for client in pair:
            client.drop()
        for client, other in (pair, reversed(pair)):
            for owner in (client, other):
                stored = [(stanza_id, body) for stanza_id, sender, body in archive(server, owner.user)
                          if sender == client.user]
                self.assertEqual([body for _, body in stored], client.sent)
                if owner is other:
                    self.assertEqual({body: stanza_id for stanza_id, body in stored}, other.received)
        print(f"{ROUNDS} kills, {sum(len(one.sent) for one in pair)} messages, "
              f"{sum(one.copies for one in pair)} copies of unproved ones", flush=True)


if __name__ == "__main__":
    unittest.main()
