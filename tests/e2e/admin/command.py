# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What the tests of the commands share: a server's folder, commands run in it, and what they must say."""

import subprocess
import unittest

from raw import RawClient
from server import DOMAIN, PASSWORD, Server, find_godwitd

ALICE = f"alice@{DOMAIN}"
BOB = f"bob@{DOMAIN}"


def godwitd(*words, **options):
    """The program on its own; `text` is its standard input."""
    text = options.pop("text", "")
    return subprocess.run([find_godwitd(), *words], input=text, text=True, capture_output=True, check=False,
                          timeout=60, **options)


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)

    def run_command(self, *words, text=""):
        return self.server.run(*words, text=text)

    def ok(self, *words, text=""):
        """What a command printed that must succeed without complaints."""
        done = self.run_command(*words, text=text)
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout

    def fails(self, *words, status=1, says, text=""):
        """One sentence on standard error, nothing else."""
        done = self.run_command(*words, text=text)
        self.assertEqual(done.returncode, status, (words, done.stdout, done.stderr))
        self.assertIn(says, done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertTrue(done.stderr.startswith("godwitd: "), done.stderr)
        return done

    def add(self, *jids):
        for jid in jids:
            self.ok("user", "add", jid, text=PASSWORD + "\n")

    def listed(self):
        return [line.split("\t")[0] for line in self.ok("user", "list").splitlines()]

    def status(self):
        """Its lines by name; of several with one name the last."""
        return {line[:20].strip(): line[21:] for line in self.ok("status").splitlines()}

    def login(self, user, resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.socket.close)
        return client

    def can_log_in(self, user):
        try:
            RawClient(self.server, user).close()
            return True
        except PermissionError:
            return False
