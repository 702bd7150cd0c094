# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""SIGHUP: what is taken over, what waits for the next start, and mistakes, which change nothing."""

import re
import signal
import ssl
import subprocess
import time
import unittest

from command import ALICE, CommandTest
from raw import SASL, RawClient, RawStream
from server import ANONYMOUS, DOMAIN
from websocket import WebSocketClient

TAKEN = "the configuration was read again"
REFUSED = "the configuration is not taken over"


def mechanisms(features):
    return [one.text for one in features.iter(SASL + "mechanism")]


class Reload(CommandTest):
    def setUp(self):
        super().setUp()
        self.add(ALICE)
        self.server.start()
        self.text = self.server.config_path.read_text()

    def reload(self, text, says):
        """Until the log says what became of it."""
        self.server.config_path.write_text(text)
        before = self.server.log().count(says)
        self.server.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 20
        while self.server.log().count(says) == before:
            self.assertIsNone(self.server.process.poll(), self.server.log())
            self.assertLess(time.monotonic(), deadline, self.server.log())
            time.sleep(0.01)

    def changed(self, *pairs):
        text = self.text
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text

    def offered(self, wire="plain"):
        stream = RawStream(self.server, wire=wire)
        self.addCleanup(stream.socket.close)
        return mechanisms(stream.open())

    def test_mistakes_change_nothing(self):
        (self.server.folder / "none.pem").write_text("no certificate")
        without = "\n".join(line for line in self.text.splitlines() if not line.startswith(("certificate", "key")))
        for wrong in ("domain = 5\n", "no TOML", self.changed(("cert.pem", "none.pem")),
                      self.changed(("cert.pem", "missing.pem")), without):
            with self.subTest(wrong[:20]):
                self.reload(wrong, REFUSED)
                RawClient(self.server, "alice", wire="direct").close()
                RawClient(self.server, "alice").close()

    def test_a_certificate_that_was_renewed_is_served(self):
        def served():
            return ssl.get_server_certificate(("127.0.0.1", self.server.tls_port))
        before = served()
        subprocess.run(["openssl", "req", "-x509", "-key", self.server.folder / "key.pem", "-days", "2", "-out",
                        self.server.folder / "cert.pem", "-subj", f"/CN={DOMAIN}",
                        "-addext", f"subjectAltName=DNS:{DOMAIN}"], check=True, capture_output=True)
        self.assertEqual(served(), before)
        self.reload(self.text, TAKEN)
        self.assertEqual(served(), (self.server.folder / "cert.pem").read_text())

    def test_mechanisms_and_tls_for_the_next_login(self):
        self.assertIn("PLAIN", self.offered())
        self.reload(self.changed(("[auth]", '[auth]\nmechanisms = ["SCRAM-SHA-256"]')), TAKEN)
        self.assertEqual(self.offered(), ["SCRAM-SHA-256"])
        self.reload(self.changed(("require = false", "require = true")), TAKEN)
        self.assertEqual(self.offered(), [])
        self.assertIn("PLAIN", self.offered("starttls"))
        # On HTTP without TLS whoever is on this machine is a proxy that has it.
        WebSocketClient(self.server, "alice", wire="ws").close()
        self.reload(self.text, TAKEN)
        self.assertIn("PLAIN", self.offered())

    def test_domains_stay_until_the_next_start(self):
        self.reload(self.changed((ANONYMOUS, "other.example.org"), (f'"{DOMAIN}"', '"example.net"')), TAKEN)
        RawClient.anonymous(self.server, ANONYMOUS).close()
        RawClient(self.server, "alice").close()
        for domain in ("other.example.org", "example.net"):
            stream = RawStream(self.server, domain)
            self.addCleanup(stream.socket.close)
            stream.header(stream.opening())
            self.assertEqual(stream.error(), "host-unknown")


    def test_passwords_in_clear_are_warned_of(self):
        """Where others reach the listener, be it one of HTTP; and also when TLS was required until now."""
        def warned():
            return re.findall(r"may cross the network in clear address=(\S+)", self.server.log())
        self.assertEqual(warned(), [])
        self.server.stop()
        (self.server.folder / "log").unlink()
        c2s, http = f"0.0.0.0:{self.server.port}", f"0.0.0.0:{self.server.http_port}"
        opened = self.changed((f"127.0.0.1:{self.server.port}", c2s), (f"127.0.0.1:{self.server.http_port}", http))
        self.server.config_path.write_text(opened.replace("require = false", "require = true"))
        self.server.start()
        self.assertEqual(warned(), [])
        self.reload(opened, TAKEN)
        self.assertEqual(warned(), [c2s, http])


class Domain(CommandTest):
    def test_letters_of_a_domain_make_no_difference(self):
        text = self.server.config_path.read_text()
        self.server.config_path.write_text(text.replace(f'"{DOMAIN}"', f'"{DOMAIN.upper()}"'))
        self.add(ALICE)
        self.server.start()
        self.assertEqual(self.status()["domain"], DOMAIN)
        self.assertTrue(self.can_log_in("alice"))


if __name__ == "__main__":
    unittest.main()
