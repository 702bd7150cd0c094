# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""XMPP over WebSocket (RFC 7395), by hand: what is right, and what is wrong on purpose."""

import socket
import ssl
import unittest

from raw import SM, STREAM, TIMEOUT, RawClient
from server import DOMAIN, Server
from websocket import BINARY, CLOSE, FRAMING, PING, PONG, TEXT, WebSocketClient, WebSocketStream, frame

OPEN = f"<open xmlns='{FRAMING}' to='{DOMAIN}' version='1.0'/>"


class Wires(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bert", "clara", "dora"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def stream(self, **fields):
        stream = WebSocketStream.__new__(WebSocketStream)
        stream.fields = {name.replace("_", "-"): value for name, value in fields.items()}
        WebSocketStream.__init__(stream, self.server, wire="ws")
        self.addCleanup(stream.socket.close)
        return stream

    def client(self, user, resource="raw", wire="ws"):
        client = WebSocketClient(self.server, user, resource, wire)
        self.addCleanup(client.socket.close)
        return client

    def test_chats_between_wires(self):
        anna = self.client("anna").bind().presence()
        bert = RawClient(self.server, "bert").bind().presence()
        self.addCleanup(bert.socket.close)
        anna.message("bert@example.org", "over there")
        self.assertEqual("over there", bert.bodies(1)[0][0])
        bert.message("anna@example.org", "and back ü 🐦")
        self.assertEqual("and back ü 🐦", anna.bodies(1)[0][0])

    def test_offers_no_starttls(self):
        features = self.stream().open()
        self.assertIsNone(features.find("{urn:ietf:params:xml:ns:xmpp-tls}starttls"))
        secure = WebSocketStream(self.server, wire="wss")
        self.addCleanup(secure.socket.close)
        names = [one.text for one in secure.open().iter("{urn:ietf:params:xml:ns:xmpp-sasl}mechanism")]
        self.assertIn("SCRAM-SHA-256-PLUS", names)

    def test_resumes_on_the_other_wire(self):
        """Rule 8: what was not acknowledged on one wire comes again on the other, with the same id."""
        clara = self.client("clara").bind()
        previous = clara.enable()
        clara.presence()
        anna = RawClient(self.server, "anna", "sender").bind()
        self.addCleanup(anna.socket.close)
        anna.message("clara@example.org", "first")
        body, first_id = clara.bodies(1)[0]
        handled = clara.handled - 1
        clara.tear()
        tcp = RawClient(self.server, "clara")
        self.assertEqual(SM + "resumed", tcp.resume(previous, handled).tag)
        self.assertEqual((body, first_id), tcp.bodies(1)[0])
        tcp.tear()
        again = self.client("clara")
        self.assertEqual(SM + "resumed", again.resume(previous, tcp.handled - 1).tag)
        self.assertEqual((body, first_id), again.bodies(1)[0])
        again.close()

    def test_a_close_frame_alone_is_a_lost_connection(self):
        dora = self.client("dora").bind()
        previous = dora.enable()
        dora.socket.sendall(frame(b"\x03\xe9", CLOSE))
        self.assertEqual(1001, dora.end())
        again = self.client("dora")
        self.assertEqual(SM + "resumed", again.resume(previous, 0).tag)
        again.close()

    def test_closes_in_order(self):
        dora = self.client("dora").bind()
        previous = dora.enable()
        dora.send(f"<close xmlns='{FRAMING}'/>")
        opcode, payload = dora.read_frame()
        self.assertEqual((1, f"<close xmlns='{FRAMING}'/>"), (opcode, payload.decode()))
        self.assertEqual(1000, dora.end())
        again = self.client("dora")
        self.assertEqual(SM + "failed", again.resume(previous, 0).tag)
        again.close()

    def test_pings_and_fragments(self):
        anna = self.client("anna", "fragments").bind()
        anna.socket.sendall(frame("<iq xmlns='jabber:client' type='get' id='f' to='example.org'>", fin=False) +
                            frame("are you there", PING) +
                            frame("<ping xmlns='urn:xmpp:ping'/></iq>", 0))
        frames = dict(anna.read_frame() for _ in range(2))
        self.assertEqual(b"are you there", frames[PONG])
        self.assertIn(b" id='f' type='result'", frames[TEXT])

    def test_answers_no_pings_of_a_client_that_reads_nothing(self):
        stream = self.client("anna", "flood").bind()
        flood = frame(b"x" * 125, PING) * 4_000
        before = self.server.memory()
        stream.socket.settimeout(TIMEOUT)
        for _ in range(200):  # 105 MB, and as much would wait to be sent
            stream.socket.sendall(flood)
        if not self.server.sanitized():
            self.assertLess(self.server.memory() - before, 20_000_000)

    def test_refuses_frames(self):
        for what, sent, code in (("not masked", frame(OPEN, masked=False), 1002),
                                 ("binary", frame(OPEN, BINARY), 1003),
                                 ("not UTF-8", frame(b"<a>\xff</a>"), 1007),
                                 ("a reserved opcode", frame(OPEN, 5), 1002),
                                 ("too long", frame("x" * 200_000), 1009),
                                 ("the header of a stream", frame("<stream:stream xmlns='jabber:client'>"), 1000)):
            with self.subTest(what):
                stream = self.stream()
                stream.socket.sendall(sent)
                self.assertEqual(code, stream.end())

    def test_tells_the_error_before_the_end(self):
        stream = self.stream()
        stream.send("<presence/>")
        self.assertEqual(f"{{{FRAMING}}}open", stream.read().tag)
        self.assertEqual(STREAM + "error", stream.read().tag)
        self.assertEqual(1000, stream.end())

    def test_refuses_handshakes(self):
        for fields, status in (({"Sec-WebSocket-Version": "8"}, "426"), ({"Sec-WebSocket-Protocol": "chat"}, "400"),
                               ({"Sec-WebSocket-Key": "short"}, "400"), ({"Upgrade": "h2c"}, "426"),
                               ({"Connection": "close"}, "426")):
            with self.subTest(fields), self.assertRaises(PermissionError) as refused:
                self.stream(**fields)
            self.assertTrue(str(refused.exception).startswith(f"HTTP/1.1 {status} "), refused.exception)

    def test_either_port_takes_either_protocol(self):
        """By ALPN one port serves both; without it each port is what it is called."""
        context = ssl.create_default_context(cafile=str(self.server.folder / "cert.pem"))
        for port, protocol, said in ((self.server.https_port, "xmpp-client", b"<?xml version"),
                                     (self.server.tls_port, "http/1.1", b"HTTP/1.1 400 "),
                                     (self.server.https_port, None, b"HTTP/1.1 400 "),
                                     (self.server.tls_port, None, b"<?xml version")):
            with self.subTest((port, protocol)):
                context.set_alpn_protocols([protocol] if protocol else [])
                plain = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT)
                with context.wrap_socket(plain, server_hostname=DOMAIN) as wrapped:
                    self.assertEqual(protocol, wrapped.selected_alpn_protocol())
                    wrapped.sendall(b"<?xml version='1.0'?><a>\r\n\r\n")
                    self.assertTrue(wrapped.recv(4096).startswith(said))


class Compression(unittest.TestCase):
    def test_compresses_only_when_it_is_on(self):
        for configured, offer, agreed in ((False, "permessage-deflate", False), (True, "permessage-deflate", True),
                                          (True, None, False)):
            config = f"[websocket]\ncompression = {str(configured).lower()}\n"
            server = Server(users=["anna"], config=config).start()
            self.addCleanup(server.remove)
            stream = WebSocketStream.__new__(WebSocketStream)
            stream.fields = {"Sec-WebSocket-Extensions": offer} if offer else {}
            WebSocketStream.__init__(stream, server, wire="ws")
            self.assertEqual(agreed, "permessage-deflate" in stream.answer)
            stream.socket.close()


class Origins(unittest.TestCase):
    def test_lets_in_the_pages_of_the_list(self):
        server = Server(users=["anna"], config='[http]\norigins = ["https://chat.example.org"]\n').start()
        self.addCleanup(server.remove)
        for origin, allowed in (("https://chat.example.org", True), ("https://evil.example", False), (None, True)):
            stream = WebSocketStream.__new__(WebSocketStream)
            stream.fields = {"Origin": origin} if origin else {}
            if allowed:
                WebSocketStream.__init__(stream, server, wire="ws")
                self.assertIsNotNone(stream.open())
            else:
                with self.assertRaises(PermissionError) as refused:
                    WebSocketStream.__init__(stream, server, wire="ws")
                self.assertTrue(str(refused.exception).startswith("HTTP/1.1 403 "))
            stream.socket.close()


if __name__ == "__main__":
    unittest.main()
