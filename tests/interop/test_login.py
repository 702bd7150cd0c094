# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""From the first byte to a bound resource: TLS, each mechanism of SASL, binding (RFC 6120 §4 to §7)."""

import contextlib
import ssl
import unittest

from client import Client
from raw import CLIENT, SASL, RawClient, RawStream, condition_of
from scram import Scram, end_point, log_in
from server import ANONYMOUS, DOMAIN, PASSWORD, Server

TLS = "{urn:ietf:params:xml:ns:xmpp-tls}"
HASHES = {"SCRAM-SHA-1": "sha1", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}


def mechanisms(features):
    return [one.text for one in features.iter(SASL + "mechanism")]


def refusal(answer):
    """The condition of a SASL failure."""
    assert answer.tag == SASL + "failure", answer.tag
    return answer[0].tag.removeprefix(SASL)


class Login(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def stream(self, wire="plain", domain=DOMAIN):
        stream = RawStream(self.server, domain, wire)
        self.addCleanup(stream.close)
        stream.open()
        return stream

    async def test_slixmpp_logs_in_with_each_mechanism_on_each_wire(self):
        for wire in ("plain", "starttls", "direct"):
            for mechanism in ("PLAIN", *HASHES):
                with self.subTest(wire=wire, mechanism=mechanism):
                    client = Client(self.server, "anna", mechanism=mechanism)
                    client.ssl_context = ssl.create_default_context(cafile=str(self.server.folder / "cert.pem"))
                    client.ca_certs = str(self.server.folder / "cert.pem")
                    client.enable_plaintext = wire != "direct"
                    client.enable_starttls = wire == "starttls"
                    client.enable_direct_tls = wire == "direct"
                    self.addAsyncCleanup(client.log_out)
                    await client.log_in(port=self.server.tls_port if wire == "direct" else self.server.port)
                    self.assertEqual(client.transport.get_extra_info("ssl_object") is not None, wire != "plain")

    def test_channel_binding_is_offered_in_tls_only(self):
        self.assertFalse([name for name in mechanisms(self.stream().features) if name.endswith("-PLUS")])
        for wire in ("starttls", "direct"):
            with self.subTest(wire):
                features = self.stream(wire).features
                self.assertEqual({name for name in mechanisms(features) if name.endswith("-PLUS")},
                                 {name + "-PLUS" for name in HASHES})
                types = [one.get("type") for one in features.iter("{urn:xmpp:sasl-cb:0}channel-binding")]
                self.assertIn("tls-server-end-point", types)
                self.assertIn("tls-exporter", types)

    def test_each_plus_mechanism_binds_to_the_certificate(self):
        for wire in ("starttls", "direct"):
            for name, digest in HASHES.items():
                with self.subTest(wire=wire, mechanism=name):
                    stream = self.stream(wire)
                    exchange = Scram("anna", PASSWORD, digest, end_point(stream))
                    self.assertEqual(log_in(stream, name + "-PLUS", exchange).tag, SASL + "success")

    def test_a_binding_to_another_connection_is_refused(self):
        stream = self.stream("direct")
        exchange = Scram("anna", PASSWORD, "sha256", bytes(32))
        self.assertEqual(refusal(log_in(stream, "SCRAM-SHA-256-PLUS", exchange)), "not-authorized")

    def test_a_downgrade_is_seen(self):
        """RFC 5802 §6: a client that could bind and thinks that the server cannot was told a lie on the way."""
        stream = self.stream("direct")
        exchange = Scram("anna", PASSWORD, "sha256", flag="y")
        self.assertEqual(log_in(stream, "SCRAM-SHA-256", exchange).tag, SASL + "failure")
        plain = self.stream()
        exchange = Scram("anna", PASSWORD, "sha256", flag="y")
        self.assertEqual(log_in(plain, "SCRAM-SHA-256", exchange).tag, SASL + "success")

    def test_wrong_passwords_and_unknown_users_look_alike(self):
        for name, digest in HASHES.items():
            for user, password in (("anna", "wrong"), ("nobody", PASSWORD)):
                with self.subTest(mechanism=name, user=user):
                    answer = log_in(self.stream(), name, Scram(user, password, digest))
                    self.assertEqual(refusal(answer), "not-authorized")
        for user, password in (("anna", "wrong"), ("nobody", PASSWORD)):
            with self.subTest(mechanism="PLAIN", user=user):
                answer = self.stream().authenticate("PLAIN", f"\0{user}\0{password}".encode())
                self.assertEqual(refusal(answer), "not-authorized")

    def test_a_failed_login_may_be_tried_again_on_the_same_stream(self):
        stream = self.stream()
        self.assertEqual(refusal(stream.authenticate("PLAIN", b"\0anna\0wrong")), "not-authorized")
        self.assertEqual(stream.authenticate("PLAIN", f"\0anna\0{PASSWORD}".encode()).tag, SASL + "success")

    def test_each_way_to_ask_wrongly_has_its_answer(self):
        """RFC 6120 §6.5."""
        stream = self.stream()
        auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='{}'>{}</auth>"
        for words, text, wanted in (
                ("no such mechanism", auth.format("DIGEST-MD5", "="), "invalid-mechanism"),
                ("no base64", auth.format("PLAIN", "%%%"), "incorrect-encoding"),
                ("not what PLAIN is", auth.format("PLAIN", "YWJj"), "malformed-request"),
                ("another's account", auth.format("PLAIN", "YmVsYUBleGFtcGxlLm9yZwBhbm5hAGNvcnJlY3QgaG9yc2U="),
                 "invalid-authzid")):
            with self.subTest(words):
                stream.close()
                stream = self.stream()
                stream.send(text)
                self.assertEqual(refusal(stream.read()), wanted)
        stream.send(auth.format("SCRAM-SHA-256", ""))
        self.assertEqual(stream.read().tag, SASL + "challenge")
        stream.send("<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>")
        self.assertEqual(refusal(stream.read()), "aborted")

    def test_anonymous_is_for_its_host_only(self):
        self.assertEqual(mechanisms(self.stream(domain=ANONYMOUS).features), ["ANONYMOUS"])
        self.assertNotIn("ANONYMOUS", mechanisms(self.stream().features))
        self.assertEqual(refusal(self.stream().authenticate("ANONYMOUS", b"")), "invalid-mechanism")
        names = set()
        for _ in range(2):
            stream = self.stream(domain=ANONYMOUS)
            self.assertEqual(stream.authenticate("ANONYMOUS", b"trace").tag, SASL + "success")
            stream.open()
            stream.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
            names.add(stream.until(CLIENT + "iq").find(".//{urn:ietf:params:xml:ns:xmpp-bind}jid").text)
        self.assertEqual(len(names), 2)
        self.assertTrue(all(f"@{ANONYMOUS}/" in name for name in names), names)

    def test_nobody_is_bound_without_a_login(self):
        stream = self.stream()
        stream.send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
        self.assertEqual(stream.error(), "not-authorized")

    def test_nothing_is_taken_before_the_resource_is_bound(self):
        for stanza in (f"<message to='bela@{DOMAIN}' type='chat'><body>early</body></message>",
                       f"<iq type='set' id='b' to='bela@{DOMAIN}'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"):
            with self.subTest(stanza):
                client = RawClient(self.server, "anna")
                client.send(stanza)
                self.assertEqual(client.error(), "not-authorized")

    # Binding

    def bound(self, resource):
        client = RawClient(self.server, "anna", resource)
        self.addCleanup(client.close)
        return client

    def test_a_resource_is_chosen_by_the_client_or_the_server(self):
        for wanted in ("desk", "Ännas Téléphone", ""):
            with self.subTest(wanted):
                client = self.bound(wanted)
                client.send(f"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                            f"<resource>{wanted}</resource></bind></iq>")
                answer = client.until(CLIENT + "iq")
                jid = answer.find(".//{urn:ietf:params:xml:ns:xmpp-bind}jid").text
                bare, resource = jid.split("/", 1)
                self.assertEqual(bare, f"anna@{DOMAIN}")
                self.assertEqual(resource, wanted or resource)
                self.assertTrue(resource)

    def test_a_resource_that_is_no_address_is_refused_and_another_may_be_tried(self):
        client = self.bound("")
        client.send(f"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                    f"<resource>{'x' * 1100}</resource></bind></iq>")
        self.assertEqual(condition_of(client.until(CLIENT + "iq")), ("modify", "bad-request"))
        client.resource = "short"
        client.bind()

    def test_a_taken_resource_ends_the_old_session_with_conflict(self):
        """RFC 6120 §7.7.2.2: the new one wins."""
        old = self.bound("phone").bind()
        new = self.bound("phone").bind()
        self.assertEqual(old.error(), "conflict")
        self.assertEqual(new.request("get", "<ping xmlns='urn:xmpp:ping'/>").get("type"), "result")

    def test_binding_twice_is_not_allowed(self):
        client = self.bound("one").bind()
        answer = client.request("set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
        self.assertEqual(condition_of(answer), ("cancel", "not-allowed"))


class TlsRequired(unittest.TestCase):
    """The server as it is outside of tests: tls.require is true."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna"])
        text = cls.server.config_path.read_text().replace("require = false", "require = true")
        cls.server.config_path.write_text(text)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def test_nothing_is_offered_before_tls_and_no_login_is_taken(self):
        stream = RawStream(self.server)
        self.addCleanup(stream.close)
        features = stream.open()
        self.assertIsNotNone(features.find(f"{TLS}starttls/{TLS}required"))
        self.assertEqual(mechanisms(features), [])
        for mechanism in ("PLAIN", "SCRAM-SHA-256"):
            answer = stream.authenticate(mechanism, f"\0anna\0{PASSWORD}".encode())
            self.assertEqual(refusal(answer), "encryption-required")

    def test_plain_is_taken_in_tls(self):
        for wire in ("starttls", "direct"):
            with self.subTest(wire):
                client = RawClient(self.server, "anna", wire=wire).bind()
                client.close()

    def test_starttls_is_offered_once(self):
        stream = RawStream(self.server, wire="starttls")
        self.addCleanup(stream.close)
        self.assertIsNone(stream.open().find(TLS + "starttls"))
        stream.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        self.assertEqual(stream.read().tag, TLS + "failure")

    def test_what_was_sent_in_the_clear_behind_starttls_is_not_taken_as_secret(self):
        """RFC 6120 §5.4.3.3: an attacker's stanza pushed in front of the handshake."""
        stream = RawStream(self.server)
        self.addCleanup(stream.close)
        stream.open()
        stream.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><message/>")
        self.assertEqual(stream.read().tag, TLS + "failure")
        with contextlib.suppress(OSError):
            self.assertEqual(stream.socket.recv(1024).replace(b"</stream:stream>", b""), b"")


if __name__ == "__main__":
    unittest.main()
