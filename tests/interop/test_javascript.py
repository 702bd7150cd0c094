# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""JavaScript clients in Node against the real server; javascript/ has what they do. GODWIT_JAVASCRIPT names the folder
where its install put them."""

import os
import pathlib
import subprocess
import unittest

from server import DOMAIN, PASSWORD, Server

FOLDER = pathlib.Path(os.environ.get("GODWIT_JAVASCRIPT", "javascript"))


class JavaScript(unittest.TestCase):
    def run_file(self, name):
        server = Server(users=["anna", "bert", "clara", "dora", "emil", "fritz"], config="[limits]\nshards = 2\n").start()
        self.addCleanup(server.remove)
        addresses = {"GODWIT_WS": f"ws://127.0.0.1:{server.http_port}/xmpp-websocket",
                     "GODWIT_WSS": f"wss://127.0.0.1:{server.https_port}/xmpp-websocket",
                     "GODWIT_BOSH": f"http://127.0.0.1:{server.http_port}/http-bind"}
        environment = {**os.environ, **addresses, "GODWIT_DOMAIN": DOMAIN, "GODWIT_PASSWORD": PASSWORD,
                       # The certificate is made for the domain; where it lies is an address.
                       "NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_NO_WARNINGS": "1"}
        # A client of a test that failed would connect again for ever.
        done = subprocess.run(["node", "--test-reporter=spec", "--test-force-exit", "--test", name], cwd=FOLDER,
                              env=environment, text=True, capture_output=True, check=False, timeout=200)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr + server.log())

    def test_xmpp_js_over_websocket(self):
        self.run_file("xmppjs.test.mjs")

    def test_strophe_over_bosh(self):
        self.run_file("strophe.test.mjs")


if __name__ == "__main__":
    unittest.main()
