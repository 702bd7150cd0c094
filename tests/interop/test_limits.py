# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Bounds that are configured are bounds that hold (DELIVERY.md rules 3, 16)."""

import socket
import time
import unittest

from raw import CLIENT, SM, Closed, RawClient
from server import DOMAIN, Server

ANNA = f"anna@{DOMAIN}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
STREAMS = "{urn:ietf:params:xml:ns:xmpp-streams}"
TIMEOUT = 40


class Limits(unittest.TestCase):
    def serve(self, config):
        self.server = Server(users=["anna", "bela"], config=config).start()
        self.addCleanup(self.server.remove)

    def client(self, user, resource="raw", enable=True):
        client = RawClient(self.server, user, resource)
        self.addCleanup(client.socket.close)
        client.bind()
        if enable:
            client.enable()
        return client

    def condition(self, stanza):
        self.assertEqual(stanza.get("type"), "error")
        return stanza.find(CLIENT + "error")[0].tag.removeprefix(ERRORS)

    def until(self, condition, words):
        deadline = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), deadline, words)
            time.sleep(0.02)

    def test_a_full_account_refuses_until_something_is_proved(self):
        """Rule 3: over quota is resource-constraint of type wait, before the ack."""
        self.serve("[limits]\npending_messages_max = 3\n")
        bela = self.client("bela")
        accepted = []
        while True:
            body = f"q{len(accepted)}"
            bela.message(ANNA, body, origin=body)
            bela.send("<r xmlns='urn:xmpp:sm:3'/>")
            answer = bela.read()
            if answer.tag != SM + "a":
                break
            accepted.append(body)
            self.assertLess(len(accepted), 20, "the limit never bites")
        self.assertEqual(self.condition(answer), "resource-constraint")
        self.assertEqual(answer.find(CLIENT + "error").get("type"), "wait")
        self.assertGreaterEqual(len(accepted), 3)
        bela.until(SM + "a")
        anna = self.client("anna")
        anna.presence()
        self.assertEqual([body for body, _ in anna.bodies(len(accepted))], accepted)
        anna.ack()
        anna.request_ack()
        bela.message(ANNA, "again", origin="again")
        self.assertEqual(anna.bodies(1)[0][0], "again")

    def test_a_client_that_does_not_acknowledge_is_cut_and_can_resume(self):
        self.serve("[limits]\nack_timeout = \"5 s\"\n")
        anna, bela = self.client("anna", enable=False), self.client("bela")
        previous = anna.enable()
        anna.presence()
        bela.message(ANNA, "unread", origin="unread")
        anna.bodies(1)
        said = []
        with self.assertRaises(Closed):
            while True:
                said.append(anna.read())
        error = (said + anna.pending)[-1]
        self.assertIsNotNone(error.find(STREAMS + "connection-timeout"))
        again = RawClient(self.server, "anna")
        self.addCleanup(again.socket.close)
        self.assertEqual(again.resume(previous, 0).tag, SM + "resumed")
        self.assertEqual(again.bodies(1)[0][0], "unread")

    def test_a_silent_client_is_asked_for_a_sign(self):
        self.serve("[limits]\nidle_probe_time = \"10 s\"\n")
        with_acks, without = self.client("anna", "a"), self.client("anna", "b", enable=False)
        self.assertEqual(with_acks.until(SM + "r").tag, SM + "r")
        self.assertIsNotNone(without.until(CLIENT + "iq").find("{urn:xmpp:ping}ping"))

    def test_sessions_that_wait_for_a_resumption_are_bounded(self):
        self.serve("[limits]\nresumable_sessions_max = 1\n")
        previous = []
        for resource in ("one", "two"):
            client = RawClient(self.server, "anna", resource).bind()
            previous.append(client.enable())
            client.tear()
        found = []
        for number, name in enumerate(previous):
            again = RawClient(self.server, "anna")
            self.addCleanup(again.socket.close)
            found.append(again.resume(name, 0).tag)
        self.assertEqual(found, [SM + "failed", SM + "resumed"])

    def test_pages_of_the_archive_are_bounded(self):
        self.serve("[limits]\nhistory_page_max = 2\n")
        bela = self.client("bela")
        for i in range(5):
            bela.message(ANNA, f"h{i}", origin=f"h{i}")
        bela.acked(5)
        bela.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'>"
                  "<max>100</max></set></query></iq>")
        results = 0
        while (element := bela.read()).tag != CLIENT + "iq":
            results += element.tag == CLIENT + "message"
        self.assertEqual(results, 2)

    def test_what_the_widest_bounds_let_in_is_answered_and_delivered(self):
        """What is made of a stanza is larger and deeper than the stanza: a quote in an attribute is six bytes then."""
        self.serve("[limits]\nstanza_bytes_max = \"16 MiB\"\nuncommitted_bytes_max = \"16 MiB\"\n"
                   "session_output_bytes_max = \"64 MiB\"\nbatch_bytes_max = \"16 MiB\"\n"
                   "http_body_bytes_max = \"16 MiB\"\ndepth_max = 1000\n")
        bela = self.client("bela", enable=False)
        quotes = 4_000_000
        name = '"' * quotes
        bela.send(f"<iq type='get' id='{name}' to='{DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>")
        # As bytes: the parser of Python waits for more behind a name of that length.
        answer = b""
        while not answer.endswith(b"</iq>"):
            answer += bela.socket.recv(1 << 20)
            self.assertIsNone(self.server.process.poll())
        self.assertIn(b"type='result'", answer)
        self.assertEqual(answer.count(b"&quot;"), quotes)
        bela.message(ANNA, "deep", extra="<x xmlns='urn:x'>" + "<a>" * 990 + "</a>" * 990 + "</x>")
        self.assertEqual(self.client("anna").presence().bodies(1)[0][0], "deep")

    def test_over_the_budget_new_logins_are_refused(self):
        """Rule 16. Readers that take nothing let the output grow; when they read on there is room again."""
        self.serve("[limits]\nmemory_budget_bytes = \"16 MiB\"\nwaiting_bytes_max = \"4 MiB\"\n"
                   "session_output_bytes_max = \"8 MiB\"\nstanza_bytes_max = \"256 KiB\"\n")
        readers = []
        for i in range(6):
            reader = self.client("anna", f"r{i}")
            reader.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            readers.append(reader.presence())
        bela = self.client("bela")
        words = "x" * 200_000
        for i in range(80):
            bela.message(ANNA, f"{i} {words}", origin=f"big{i}")
        bela.acked(80)

        def refused():
            late = RawClient(self.server, "bela", "late")
            self.addCleanup(late.socket.close)
            late.send("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
            answer = late.until(CLIENT + "iq")
            return answer.get("type") == "error" and self.condition(answer) == "resource-constraint"

        self.until(refused, "logins are not refused")
        for reader in readers:
            reader.socket.close()
        self.until(lambda: not refused(), "logins are refused for ever")
        self.assertIn("memory budget", self.server.log())

    def test_modules_are_switched_off_and_names_that_are_none_are_told(self):
        self.serve("[modules]\ndisabled = [\"ping\", \"pnig\"]\n")
        client = self.client("anna")
        client.send("<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(self.condition(client.until(CLIENT + "iq")), "service-unavailable")
        self.assertIn("name=pnig", self.server.log())
        self.assertNotIn("name=ping", self.server.log())

    def test_retention_deletes_what_is_older_and_proved(self):
        self.serve("[storage]\nretention = \"2 s\"\n")
        anna, bela = self.client("anna"), self.client("bela")
        bela.message(ANNA, "short", origin="short")
        bela.acked(1)

        def archived(client):
            client.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>")
            results = 0
            while client.read().tag != CLIENT + "iq":
                results += 1
            return results

        self.assertEqual(archived(bela), 1)
        anna.presence()
        anna.bodies(1)
        anna.ack()
        self.until(lambda: archived(bela) == 0, "the archive keeps what is too old")


if __name__ == "__main__":
    unittest.main()
