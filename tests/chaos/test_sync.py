# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The sync is seen (DESIGN section 9): on a running server, every ack and every delivery comes after the fdatasync of the
log that covers it; and when the sync is taken out of the same server, the same look at it says so."""

import glob
import threading
import time
import unittest

import sync_trace
from raw import CLIENT, SM, RawClient
from server import DOMAIN, Server

PAIRS = 3
MESSAGES = 60
CALLS = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync"


class TracedServer(Server):
    """godwitd with a tracer beside it."""

    environment = ()

    def start(self):
        self.trace = self.folder / "trace"
        self.prefix = ["strace", "-D", "-f", "-yy", "-s", "200000", "-e", "signal=none", "-e", CALLS, "-o", str(self.trace),
                       *(word for one in self.environment for word in ("-E", one))]
        return super().start()

    def calls(self):
        """What the tracer wrote, once it has seen the end of the stopped server."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            lines = self.trace.read_text(encoding="utf-8", errors="replace").splitlines()
            if any(line.startswith(f"{self.process.pid} ") and "+++ exited with" in line for line in lines[-5:]):
                return lines
            time.sleep(0.05)
        raise RuntimeError("the trace does not end")


class NoSyncServer(TracedServer):
    """The same program, with calls that sync replaced by ones that only say that they did."""

    def start(self):
        library = glob.glob("/usr/lib/*/libeatmydata.so")
        if not library:
            raise RuntimeError("libeatmydata.so is not installed")
        self.environment = ("LD_PRELOAD=" + library[0],)
        return super().start()


class Talker(threading.Thread):
    """Says its messages one after another and takes what comes until all of it is here."""

    def __init__(self, server, me, peer):
        super().__init__()
        self.client = RawClient(server, me).bind()
        self.client.enable()
        self.port = self.client.socket.getsockname()[1]
        self.peer = peer
        self.bodies = [f"proof-{me}-{number}." for number in range(MESSAGES)]
        self.acked = 0
        self.received = []

    def run(self):
        self.client.presence()
        for number, body in enumerate(self.bodies, 2):
            self.client.message(f"{self.peer}@{DOMAIN}", body, origin=body)
            self.client.send("<r xmlns='urn:xmpp:sm:3'/>")
            # Some at once and then a wait, so that there are many commits and each has some.
            self.take(lambda sent=number: self.acked >= sent or sent % 4)
        self.take(lambda: self.acked > MESSAGES and len(self.received) == MESSAGES)
        self.client.close()

    def take(self, done):
        while not done():
            element = self.client.read()
            if element.tag == SM + "a":
                self.acked = int(element.get("h"))
            elif element.tag == CLIENT + "message":
                self.received.append(element.findtext(CLIENT + "body"))
                self.client.ack()


class Trace(unittest.TestCase):
    def observe(self, kind):
        """A chat of several pairs on a traced server, and what its trace says."""
        names = [f"user{number}" for number in range(2 * PAIRS)]
        server = kind(users=names)
        self.addCleanup(server.remove)
        server.start()
        talkers = [Talker(server, name, names[number ^ 1]) for number, name in enumerate(names)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join()
        server.stop()
        for number, talker in enumerate(talkers):
            self.assertEqual(talker.received, talkers[number ^ 1].bodies)
        # The first stanza of each stream is its presence, which no log holds.
        found = sync_trace.check(server.calls(), {talker.port: ["", *talker.bodies] for talker in talkers})
        print(f"{found.syncs} syncs, {found.acks} acks, {found.deliveries} deliveries, "
              f"{len(found.violations)} of them too early", flush=True)
        # A trace in which nothing was seen proves nothing.
        self.assertGreaterEqual(found.acks, len(talkers) * MESSAGES // 4)
        self.assertGreaterEqual(found.deliveries, len(talkers) * MESSAGES)
        return found


class Seen(Trace):
    def test_every_ack_and_delivery_comes_after_its_sync(self):
        """Rules 4 and 6."""
        found = self.observe(TracedServer)
        self.assertEqual(found.violations[:10], [])
        self.assertGreaterEqual(found.syncs, MESSAGES // 4)

    def test_the_reader_of_traces_tells_early_from_late(self):
        write = '7 pwrite64(9</data/log.db-wal>, "..<body>one.</body>..", 4096, 0) = 4096'
        sync = "7 fdatasync(9</data/log.db-wal>) = 0"
        ack = '8 sendto(12<TCP:[127.0.0.1:5222->127.0.0.1:4000]>, "<a xmlns=\'urn:xmpp:sm:3\' h=\'1\'/>", 33, 0, NULL, 0) = 33'
        show = '8 sendto(13<TCP:[127.0.0.1:5222->127.0.0.1:4001]>, "<message><body>one.</body>", 33, 0, NULL, 0) = 33'
        begins, ends = "7 fdatasync(9</data/log.db-wal> <unfinished ...>", "7 <... fdatasync resumed>) = 0"
        failed = "7 fdatasync(9</data/log.db-wal>) = -1 EIO (Input/output error)"
        for words, lines, violations in (
                ("in order", [write, sync, show, ack], 0),
                ("acked first", [write, ack, sync], 1),
                ("delivered first", [write, show, sync, ack], 1),
                ("while the sync runs", [write, begins, ack, ends], 1),
                ("a sync that began before the write", [begins, write, ends, ack], 1),
                ("after a sync that took its time", [write, begins, ends, ack], 0),
                ("after a sync that failed", [write, failed, ack], 1),
                ("never written", [sync, ack], 1),
                ("a sync of another file", [write, sync.replace("log.db", "main.db"), ack], 1)):
            with self.subTest(words):
                self.assertEqual(len(sync_trace.check(lines, {4000: ["one."]}).violations), violations)


class TakenOut(Trace):
    def test_without_the_sync_acks_and_deliveries_are_seen_to_be_early(self):
        """Rules 4 and 6, the other way round: the proof fails when the thing it proves is not there."""
        found = self.observe(NoSyncServer)
        self.assertEqual(found.syncs, 0)
        self.assertTrue([one for one in found.violations if ": ack of" in one])
        self.assertTrue([one for one in found.violations if "delivered to" in one])


if __name__ == "__main__":
    unittest.main()
