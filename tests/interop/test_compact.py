# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The second implementation of the compact wire (compact/) against the real server."""

import os
import pathlib
import subprocess
import unittest

from server import DOMAIN, PASSWORD, Server

FOLDER = pathlib.Path(__file__).parent / "compact"


class Compact(unittest.TestCase):
    def test_two_clients_chat_and_resume(self):
        server = Server(users=["anna", "bela"], config="[limits]\nshards = 2\n").start()
        self.addCleanup(server.remove)
        done = subprocess.run(["node", "--experimental-websocket", "--test-reporter=spec", "session.mjs",
                               f"ws://127.0.0.1:{server.http_port}/xmpp-websocket",
                               f"anna@{DOMAIN}", PASSWORD, f"bela@{DOMAIN}", PASSWORD],
                              cwd=FOLDER, env={**os.environ, "NODE_NO_WARNINGS": "1"}, text=True, capture_output=True,
                              check=False, timeout=120)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr + server.log())


if __name__ == "__main__":
    unittest.main()
