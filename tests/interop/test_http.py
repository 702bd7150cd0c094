# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The HTTP ports: what is served, each bound from both of its sides, and requests that mean two things at once."""

import json
import random
import socket
import threading
import time
import unittest
import xml.etree.ElementTree as ElementTree

from server import DOMAIN, Server

LIMITS = """[limits]
http_target_bytes_max = 256
http_header_bytes_max = 1024
http_fields_max = 16
http_body_bytes_max = 10000
http_pipelined_max = 2
stanza_bytes_max = 10000
preauth_stanza_bytes_max = 10000
presence_bytes_max = 10000
http_header_time = "400 ms"
http_body_time = "400 ms"
http_idle_time = "400 ms"
"""
META = "/.well-known/host-meta"


class Connection:
    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.http_port), timeout=15)
        self.incoming = b""

    def send(self, data):
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def receive(self):
        data = self.socket.recv(65536)
        self.incoming += data
        return bool(data)

    def response(self, body=True):
        """(status, fields, body) of the next response."""
        while b"\r\n\r\n" not in self.incoming:
            if not self.receive():
                raise EOFError(self.incoming)
        head, self.incoming = self.incoming.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines)
        size = int(fields.get("Content-Length", 0)) if body else 0
        while len(self.incoming) < size:
            if not self.receive():
                raise EOFError(self.incoming)
        text, self.incoming = self.incoming[:size], self.incoming[size:]
        return int(first.split()[1]), fields, text.decode()

    def ended(self):
        """Nothing more comes, and the connection ends."""
        while self.receive():
            pass
        return self.incoming == b""


def get(path=META, fields="", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: {DOMAIN}\r\n{fields}\r\n"


class Http(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(config=LIMITS).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def connection(self):
        connection = Connection(self.server)
        self.addCleanup(connection.socket.close)
        return connection

    def ask(self, request):
        connection = self.connection()
        connection.send(request)
        return connection.response()

    def test_tells_of_the_other_wires(self):
        secure = f"wss://{DOMAIN}:{self.server.https_port}/xmpp-websocket"
        status, fields, body = self.ask(get())
        self.assertEqual((200, "application/xrd+xml; charset=utf-8"), (status, fields["Content-Type"]))
        links = {one.get("rel"): one.get("href") for one in
                 ElementTree.fromstring(body).iter("{http://docs.oasis-open.org/ns/xri/xrd-1.0}Link")}
        self.assertEqual(secure, links["urn:xmpp:alt-connections:websocket"])
        self.assertEqual(f"https://{DOMAIN}:{self.server.https_port}/http-bind", links["urn:xmpp:alt-connections:xbosh"])
        status, fields, body = self.ask(get(META + ".json"))
        self.assertEqual("*", fields["Access-Control-Allow-Origin"])
        self.assertEqual(links, {one["rel"]: one["href"] for one in json.loads(body)["links"]})

    def test_answers_methods(self):
        connection = self.connection()
        connection.send(get(method="HEAD"))
        status, fields, _ = connection.response(body=False)
        self.assertEqual(200, status)
        self.assertGreater(int(fields["Content-Length"]), 100)
        connection.send(get(method="OPTIONS", fields="Origin: https://a.example\r\n"))
        status, fields, body = connection.response()
        self.assertEqual((204, ""), (status, body))
        self.assertEqual("GET, HEAD, OPTIONS", fields["Access-Control-Allow-Methods"])
        self.assertEqual(405, self.ask(get(method="POST"))[0])
        self.assertEqual("GET, HEAD, OPTIONS", self.ask(get(method="PUT"))[1]["Allow"])
        self.assertEqual(501, self.ask(get(method="BREW"))[0])
        self.assertEqual(404, self.ask(get("/nothing"))[0])
        self.assertEqual(426, self.ask(get("/xmpp-websocket"))[0])

    def test_refuses_what_means_two_things(self):
        post = f"POST /http-bind HTTP/1.1\r\nHost: {DOMAIN}\r\n"
        for what, request in (
                ("length and coding", post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                ("two lengths", post + "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello"),
                ("a folded line", get(fields="X: a\r\n b\r\n")),
                ("a bare carriage return", get(fields="X: a\rb\r\n")),
                ("space before the colon", get(fields="Content-Length : 5\r\n")),
                ("a chunk that is none", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
                ("two hosts", get(fields="Host: other\r\n"))):
            with self.subTest(what):
                connection = self.connection()
                connection.send(request + get())
                self.assertEqual(400, connection.response()[0])
                self.assertTrue(connection.ended(), "the second request was answered")

    def test_bounds_requests(self):
        """http_target_bytes_max, http_header_bytes_max, http_fields_max, http_body_bytes_max."""
        post = f"POST /http-bind HTTP/1.1\r\nHost: {DOMAIN}\r\n"
        plain = len(get())
        for what, request, status in (
                ("a target of the bound", get("/" + "a" * 255), 404), ("a longer one", get("/" + "a" * 256), 414),
                ("a head of the bound", get(fields="X: " + "a" * (1024 - plain - 5) + "\r\n"), 200),
                ("a longer one", get(fields="X: " + "a" * (1024 - plain - 4) + "\r\n"), 431),
                ("all fields", get(fields="X: y\r\n" * 15), 200), ("one more", get(fields="X: y\r\n" * 16), 431),
                ("a body of the bound", post + "Content-Length: 10000\r\n\r\n" + "x" * 10000, 200),
                ("a longer one", post + "Content-Length: 10001\r\n\r\n", 413)):
            with self.subTest(what):
                self.assertEqual(status, self.ask(request)[0])

    def test_bounds_the_pipeline(self):
        """http_pipelined_max: more requests wait, and are answered in their order."""
        connection = self.connection()
        connection.send(get() * 10 + get("/nothing"))
        self.assertEqual([200] * 10 + [404], [connection.response()[0] for _ in range(11)])

    def test_bounds_times(self):
        """http_header_time, http_body_time and http_idle_time: 408 for half a request, nothing for none."""
        begun = time.monotonic()
        waits = {"head": "GET / HT", "body": f"POST /http-bind HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab",
                 "idle": get()}
        connections = {name: self.connection() for name in waits}
        for name, connection in connections.items():
            connection.send(waits[name])
        self.assertEqual(408, connections["head"].response()[0])
        self.assertEqual(408, connections["body"].response()[0])
        self.assertEqual(200, connections["idle"].response()[0])
        for connection in connections.values():
            self.assertTrue(connection.ended())
        self.assertGreaterEqual(time.monotonic() - begun, 0.4)

    def test_drips_do_not_keep_a_request_alive(self):
        connection = self.connection()
        try:
            for letter in "GET / HTTP/1.1\r\n" + "X: y\r\n" * 100:
                connection.send(letter)
                connection.socket.settimeout(0.02)
                try:
                    if not connection.receive():
                        break
                except TimeoutError:
                    continue
        except OSError:
            pass
        self.assertTrue(connection.incoming.startswith(b"HTTP/1.1 408 "), connection.incoming)

    def test_lets_a_body_come(self):
        connection = self.connection()
        connection.send(f"POST /http-bind HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        self.assertEqual(100, connection.response()[0])
        connection.send("hi")
        self.assertEqual(200, connection.response()[0])


class Web(unittest.TestCase):
    def serve(self, limit):
        server = Server(config=f'[web]\nfolder = "web"\n[http]\npublic_url = "https://chat.example.org"\n'
                               f"[limits]\nweb_bytes_max = {limit}\n")
        self.addCleanup(server.remove)
        (server.folder / "web").mkdir()
        (server.folder / "web" / "index.html").write_text("<p>" + "x" * 1018 + "</p>")
        return server.start()

    def test_serves_a_folder(self):
        """web_bytes_max: files of that many bytes and not one more."""
        server = self.serve(1025)
        for path, status in (("/", 200), ("/index.html", 200), ("/../godwitd.toml", 404), ("/%2e%2e/godwitd.toml", 404)):
            connection = Connection(server)
            connection.send(get(path))
            got, fields, body = connection.response()
            self.assertEqual(status, got, path)
            if status == 200:
                self.assertTrue(body.startswith("<p>x"))
                policy = fields["Content-Security-Policy"]
                self.assertIn("script-src 'self';", policy)
                self.assertIn("connect-src 'self' wss://chat.example.org https://chat.example.org;", policy)
            connection.socket.close()
        connection = Connection(server)
        connection.send(get("/web-client.json"))
        self.assertEqual({"domain": DOMAIN, "websocket": "xmpp-websocket", "bosh": "http-bind"},
                         json.loads(connection.response()[2]))
        connection.send(get(META + ".json"))
        self.assertIn("wss://chat.example.org/xmpp-websocket", connection.response()[2])
        connection.socket.close()
        with self.assertRaisesRegex(RuntimeError, "web.folder"):
            self.serve(1024)

    def grown(self, limit):
        """How much the server grew for a client that asks for much and reads nothing; what it asked for comes when it
        reads."""
        server = Server(config=f'[web]\nfolder = "web"\n[limits]\nshards = 1\nhttp_output_bytes_max = "{limit}"\n')
        self.addCleanup(server.remove)
        (server.folder / "web").mkdir()
        noise = random.Random(1).randbytes(1_000_000)
        (server.folder / "web" / "noise.bin").write_bytes(noise)
        server.start()
        before = server.memory()
        connection = Connection(server)
        self.addCleanup(connection.socket.close)
        asked = 200
        sender = threading.Thread(target=connection.send, args=(get("/noise.bin") * asked,))
        sender.start()
        other = Connection(server)
        self.addCleanup(other.socket.close)
        connection.receive()
        for _ in range(3):  # it is somebody else's turn meanwhile, on the same thread
            other.send(get())
            other.response()
        grown = server.memory() - before
        size = len(connection.incoming)
        while size < asked * len(noise):
            size += len(connection.socket.recv(1 << 20))
        sender.join(30)
        return grown

    def test_reads_on_when_its_answers_are_taken(self):
        """http_output_bytes_max: with more waiting no further request is read."""
        self.assertLess(self.grown("256 KiB"), 20_000_000)
        self.assertGreater(self.grown("32 MiB"), 30_000_000)

    def test_takes_its_time_with_a_slow_client(self):
        """close_time and http_idle_time are for who takes nothing."""
        server = Server(config='[web]\nfolder = "web"\n[limits]\nclose_time = "100 ms"\nhttp_idle_time = "100 ms"\n')
        self.addCleanup(server.remove)
        (server.folder / "web").mkdir()
        noise = random.Random(1).randbytes(8_000_000)
        (server.folder / "web" / "noise.bin").write_bytes(noise)
        server.start()
        for fields in ("", "Connection: close\r\n"):
            connection = Connection(server)
            self.addCleanup(connection.socket.close)
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            connection.send(get("/noise.bin", fields))
            connection.receive()
            time.sleep(0.5)  # longer than either
            while len(connection.incoming) < len(noise) and connection.receive():
                pass
            self.assertTrue(connection.incoming.endswith(noise), len(connection.incoming))

    def test_reads_its_configuration_again(self):
        """SIGHUP: origins, addresses and files, for connections that begin then; a folder that is not there changes
        nothing."""
        server = self.serve(2000)
        text = server.config_path.read_text()

        def ask(path):
            connection = Connection(server)
            self.addCleanup(connection.socket.close)
            connection.send(get(path, "Origin: https://other.example\r\n"))
            return connection.response()

        self.assertEqual(200, ask("/")[0])
        (server.folder / "web" / "new.html").write_text("new")
        server.config_path.write_text(text.replace("https://chat.example.org", "https://new.example.org"))
        server.reload()
        self.assertEqual("new", ask("/new.html")[2])
        self.assertIn("wss://new.example.org/", ask(META)[2])
        server.config_path.write_text(text.replace('folder = "web"', 'folder = "nowhere"'))
        server.reload()
        self.assertEqual(200, ask("/new.html")[0])
        server.config_path.write_text(text.replace("[http]", '[http]\norigins = ["https://chat.example.org"]'))
        server.reload()
        self.assertEqual(403, ask(META)[0])


class Rubbish(unittest.TestCase):
    def test_stays_up_under_rubbish(self):
        server = Server(users=["anna"], config=LIMITS).start()
        self.addCleanup(server.remove)
        for rubbish in (b"\x16\x03\x01\x02\x00" * 50, b"\0" * 5000, b"\n" * 5000, b"GET " + b"/" * 5000,
                        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"):
            connection = Connection(server)
            connection.send(rubbish)
            try:
                while connection.receive():
                    pass
            except ConnectionResetError:
                pass
            connection.socket.close()
        connection = Connection(server)
        connection.send(get())
        self.assertEqual(200, connection.response()[0])
        connection.socket.close()


if __name__ == "__main__":
    unittest.main()
