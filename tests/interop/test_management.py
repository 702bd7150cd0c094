# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""XEP-0198 and XEP-0352, each request and each answer; what they promise is in test_acks."""

import time
import unittest

from client import Client
from raw import CLIENT, SM, STANZA_ERRORS, STREAM, STREAM_ERRORS, Closed, RawClient, condition_of
from server import DOMAIN, Server

CSI = "urn:xmpp:csi:0"
STATES = "http://jabber.org/protocol/chatstates"


class Management(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela", "cleo"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user="anna", resource="raw"):
        client = RawClient(self.server, user, resource)
        self.addCleanup(client.close)
        return client

    def failed(self, element, condition):
        self.assertEqual(element.tag, SM + "failed")
        self.assertEqual(element[0].tag, STANZA_ERRORS + condition)

    async def test_slixmpp_resumes_and_nothing_is_missing_or_twice(self):
        bela = Client(self.server, "bela", "phone", plugins=["xep_0198"])
        self.addAsyncCleanup(bela.log_out)
        await bela.log_in()
        anna = Client(self.server, "anna", "desk", plugins=["xep_0198"])
        self.addAsyncCleanup(anna.log_out)
        await anna.log_in()
        resumed = []
        bela.add_event_handler("session_resumed", resumed.append)
        wanted = []
        for turn in range(3):
            for number in range(5):
                wanted.append(f"turn {turn} text {number}")
                anna.send_message(f"bela@{DOMAIN}", wanted[-1], mtype="chat")
            bela.online.clear()
            bela.gone.clear()
            bela.tear()
            await bela.until(bela.gone.is_set, "the end of the connection")
            wanted.append(f"turn {turn} while away")
            anna.send_message(f"bela@{DOMAIN}", wanted[-1], mtype="chat")
            await bela.log_in(presence=False)
            await bela.until_bodies(wanted)
        self.assertEqual(len(resumed), 3)

    async def test_slixmpp_is_told_what_was_accepted(self):
        anna = Client(self.server, "anna", "acked", plugins=["xep_0198"])
        self.addAsyncCleanup(anna.log_out)
        await anna.log_in()
        acked = []
        anna.add_event_handler("stanza_acked", lambda stanza: acked.append(stanza["body"] if stanza.name == "message"
                                                                           else stanza.name))
        wanted = [f"m{number}" for number in range(4)]
        await anna.send_accepted(f"cleo@{DOMAIN}", wanted)
        await anna.until(lambda: "m3" in acked, "the last event")
        self.assertEqual([one for one in acked if one.startswith("m")], wanted)

    def test_enabling_comes_after_binding_and_once(self):
        client = self.client()
        client.send("<enable xmlns='urn:xmpp:sm:3'/>")
        self.failed(client.read(), "unexpected-request")
        client.bind()
        self.assertTrue(client.enable())
        client.send("<enable xmlns='urn:xmpp:sm:3'/>")
        self.failed(client.until(SM + "failed"), "unexpected-request")

    def test_a_request_that_comes_too_early_does_no_harm(self):
        """No answer to it is none; a refusal would be taken for that of <enable/>."""
        client = self.client().bind()
        client.send("<r xmlns='urn:xmpp:sm:3'/><enable xmlns='urn:xmpp:sm:3'/>")
        self.assertEqual(client.read().tag, SM + "enabled")

    def test_the_shorter_time_of_resumption_holds(self):
        for resource, asked, given in (("hasty", "30", "30"), ("patient", "100000", "600")):
            with self.subTest(resource):
                client = self.client("anna", resource).bind()
                client.send(f"<enable xmlns='urn:xmpp:sm:3' resume='true' max='{asked}'/>")
                self.assertEqual(client.until(SM + "enabled").get("max"), given)

    def test_a_stream_is_resumable_only_when_that_was_asked_for(self):
        client = self.client().bind()
        client.send("<enable xmlns='urn:xmpp:sm:3'/>")
        enabled = client.until(SM + "enabled")
        self.assertIsNone(enabled.get("id"))
        self.assertNotIn(enabled.get("resume"), ("true", "1"))
        other = self.client("bela").bind()
        other.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
        enabled = other.until(SM + "enabled")
        self.assertTrue(enabled.get("id"))
        self.assertEqual(enabled.get("resume"), "true")
        self.assertGreater(int(enabled.get("max")), 0)

    def test_what_counts_is_stanzas_since_enabling(self):
        client = self.client().bind()
        client.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        client.enable()
        self.assertEqual(client.request_ack(), 0)
        client.presence()
        client.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        client.message(f"cleo@{DOMAIN}", "counted", origin="counted")
        client.send(f"<inactive xmlns='{CSI}'/><active xmlns='{CSI}'/>")
        client.acked(3)
        self.assertEqual(client.request_ack(), 3)

    def test_the_server_asks_for_an_ack_of_what_it_sent(self):
        client = self.client().bind()
        client.enable()
        client.presence()
        client.message(f"anna@{DOMAIN}", "to myself", origin="to myself")
        client.until(SM + "r")
        client.ack()

    def test_who_asked_a_dead_session_is_told(self):
        """Rule 2: requests that a session did not acknowledge are answered for it, whether it could be resumed or not."""
        anna = self.client().bind()
        for resource, how in (("resumable", " resume='true'"), ("plain", "")):
            with self.subTest(resource):
                bela = self.client("bela", resource).bind()
                bela.send(f"<enable xmlns='urn:xmpp:sm:3'{how} max='1'/>")
                bela.until(SM + "enabled")
                anna.send(f"<iq type='get' id='{resource}' to='bela@{DOMAIN}/{resource}'><query xmlns='x:y'/></iq>")
                bela.until(CLIENT + "iq")
                bela.tear()
                answer = anna.until(CLIENT + "iq")
                self.assertEqual((answer.get("id"), answer.get("from")), (resource, f"bela@{DOMAIN}/{resource}"))
                self.assertEqual(condition_of(answer), ("cancel", "service-unavailable"))

    def test_a_stream_that_is_unknown_or_anothers_is_not_resumed(self):
        bela = self.client("bela", "resumable").bind()
        of_bela = bela.enable()
        for words, wrong in (("unknown", ["no such stream"]), ("another's", [of_bela]), ("both", ["none", of_bela])):
            with self.subTest(words):
                client = self.client()
                for previous in wrong:
                    self.failed(client.resume(previous, 0), "item-not-found")
                client.bind()
        self.assertEqual(bela.request("get", "<ping xmlns='urn:xmpp:ping'/>").get("type"), "result")

    def test_a_closed_stream_is_not_resumed(self):
        client = self.client().bind()
        previous = client.enable()
        client.close()
        self.failed(self.client().resume(previous, 0), "item-not-found")

    def test_resuming_comes_before_binding_and_enabling(self):
        client = self.client().bind()
        for begin in (lambda: None, client.enable):
            begin()
            client.send("<resume xmlns='urn:xmpp:sm:3' previd='x' h='0'/>")
            self.failed(client.until(SM + "failed"), "unexpected-request")

    def test_resuming_takes_the_stream_from_a_connection_that_still_stands(self):
        old = self.client("anna", "moves").bind()
        previous = old.enable()
        old.presence()
        old.acked(1)
        new = self.client("anna")
        answer = new.resume(previous, old.handled)
        self.assertEqual(answer.tag, SM + "resumed")
        self.assertEqual((answer.get("previd"), answer.get("h")), (previous, "1"))
        self.assertEqual(old.error(), "conflict")
        self.assertEqual(new.request("get", "<ping xmlns='urn:xmpp:ping'/>").get("to"), f"anna@{DOMAIN}/moves")

    def test_a_count_that_is_too_high_ends_the_stream(self):
        """XEP-0198 §4."""
        client = self.client().bind()
        client.enable()
        client.send("<a xmlns='urn:xmpp:sm:3' h='1000'/>")
        error = client.until(STREAM + "error")
        self.assertEqual(error[0].tag, STREAM_ERRORS + "undefined-condition")
        wrong = error.find(SM + "handled-count-too-high")
        self.assertEqual((wrong.get("h"), wrong.get("send-count")), ("1000", "0"))
        with self.assertRaises(Closed):
            client.read()

    def test_inactive_presence_is_coalesced_chat_states_dropped_and_messages_come_at_once(self):
        """XEP-0352; rule 13: CSI holds back no storable message."""
        anna = self.client("anna", "csi").bind()
        anna.enable()
        anna.presence()
        bela = self.client("bela", "csi").bind()
        bela.enable()
        anna.send(f"<inactive xmlns='{CSI}'/>")
        anna.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        for status in ("one", "two", "three"):
            bela.send(f"<presence to='anna@{DOMAIN}/csi'><status>{status}</status></presence>")
        bela.send(f"<message to='anna@{DOMAIN}/csi' type='chat'><composing xmlns='{STATES}'/></message>")
        bela.message(f"anna@{DOMAIN}", "now", origin="csi-now")
        bela.acked(5)
        message = anna.until(CLIENT + "message")
        self.assertEqual(message.findtext(CLIENT + "body"), "now")
        anna.send(f"<active xmlns='{CSI}'/>")
        presence = anna.until(CLIENT + "presence")
        self.assertEqual(presence.findtext(CLIENT + "status"), "three")
        bela.message(f"anna@{DOMAIN}", "later", origin="csi-later")
        rest = anna.until(CLIENT + "message")
        self.assertEqual(rest.findtext(CLIENT + "body"), "later")


class Timeout(unittest.TestCase):
    def test_a_session_that_does_not_come_back_in_time_is_gone(self):
        """stream_management.resume_timeout, on both sides of it; its contact sees it leave only then."""
        server = Server(users=["anna"], config='[stream_management]\nresume_timeout = "3 s"\n').start()
        self.addCleanup(server.remove)
        desk = RawClient(server, "anna", "desk").bind().presence()
        self.addCleanup(desk.close)
        phone = RawClient(server, "anna", "phone").bind()
        previous = phone.enable()
        phone.presence()
        phone.request_ack()
        handled = phone.handled
        phone.tear()
        again = RawClient(server, "anna")
        answer = again.resume(previous, handled)
        self.assertEqual(answer.tag, SM + "resumed")
        began = time.monotonic()
        again.tear()
        while True:
            presence = desk.until(CLIENT + "presence")
            if presence.get("type") == "unavailable":
                break
        self.assertGreater(time.monotonic() - began, 2.9)
        self.assertEqual(presence.get("from"), f"anna@{DOMAIN}/phone")
        late = RawClient(server, "anna")
        self.addCleanup(late.close)
        self.assertEqual(late.resume(previous, handled).tag, SM + "failed")

    def test_zero_means_that_nothing_is_resumed(self):
        for zero in ("0", '"0 s"'):
            with self.subTest(zero):
                server = Server(users=["anna"], config=f"[stream_management]\nresume_timeout = {zero}\n").start()
                self.addCleanup(server.remove)
                phone = RawClient(server, "anna", "phone").bind()
                self.addCleanup(phone.close)
                phone.send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
                enabled = phone.until(SM + "enabled")
                self.assertEqual((enabled.get("id"), enabled.get("resume")), (None, None))
                self.assertEqual(phone.request_ack(), 0)


if __name__ == "__main__":
    unittest.main()
