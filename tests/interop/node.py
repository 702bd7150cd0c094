# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Runs tests that are written in JavaScript, told where the server under test is."""

import os
import pathlib
import subprocess

from server import DOMAIN, PASSWORD


def run_file(case, server, name, **variables):
    """Runs one file of the folder GODWIT_JAVASCRIPT with Node's test runner; fails `case` as it fails."""
    addresses = {"GODWIT_TCP": f"xmpp://127.0.0.1:{server.port}",
                 "GODWIT_WS": f"ws://127.0.0.1:{server.http_port}/xmpp-websocket",
                 "GODWIT_WSS": f"wss://127.0.0.1:{server.https_port}/xmpp-websocket",
                 "GODWIT_BOSH": f"http://127.0.0.1:{server.http_port}/http-bind",
                 "GODWIT_PAGE": f"http://127.0.0.1:{server.http_port}/"}
    environment = {**os.environ, **addresses, "GODWIT_DOMAIN": DOMAIN, "GODWIT_PASSWORD": PASSWORD,
                   # The certificate is made for the domain; where it lies is an address.
                   "NODE_TLS_REJECT_UNAUTHORIZED": "0", "NODE_NO_WARNINGS": "1", **variables}
    # A client of a test that failed would connect again for ever.
    done = subprocess.run(["node", "--test-reporter=spec", "--test-force-exit", "--test", name],
                          cwd=pathlib.Path(os.environ.get("GODWIT_JAVASCRIPT", "javascript")), env=environment, text=True,
                          capture_output=True, check=False, timeout=250)
    case.assertEqual(0, done.returncode, done.stdout + done.stderr + server.log())
