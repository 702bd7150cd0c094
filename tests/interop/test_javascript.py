# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""JavaScript clients in Node against the real server; javascript/ has what they do. GODWIT_JAVASCRIPT names the folder
where its install put them."""

import unittest

from node import run_file
from server import Server

USERS = ["anna", "bert", "clara", "dora", "emil", "fritz", "kurt", "lena", "maria", "nora", "otto", "paul"]


class JavaScript(unittest.TestCase):
    def run_file(self, name):
        server = Server(users=USERS, config="[limits]\nshards = 2\n").start()
        self.addCleanup(server.remove)
        run_file(self, server, name)

    def test_all_libraries_on_all_wires(self):
        self.run_file("scenario.test.mjs")

    def test_xmpp_js_over_websocket(self):
        self.run_file("xmppjs.test.mjs")

    def test_strophe_over_bosh(self):
        self.run_file("strophe.test.mjs")


if __name__ == "__main__":
    unittest.main()
