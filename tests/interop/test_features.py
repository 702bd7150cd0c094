# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Each feature of the server as slixmpp uses it."""

import unittest

import slixmpp
from slixmpp.exceptions import IqError

from client import Client, stanza_id
from server import ANONYMOUS, DOMAIN, Server

USERS = ["anna", "bela", "cleo", "dora", "emil", "fanny"]


class Features(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=USERS).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    async def client(self, user, resource=None, presence=True, priority=None, **options):
        client = Client(self.server, user, resource, **options)
        self.addAsyncCleanup(client.log_out)
        return await client.log_in(presence=presence, priority=priority)

    # Logging in

    async def test_wrong_password_is_refused(self):
        with self.assertRaises(PermissionError):
            await self.client("anna", password="wrong")

    async def test_unknown_user_is_refused(self):
        with self.assertRaises(PermissionError):
            await self.client("nobody")

    async def test_anonymous_host_gives_an_address(self):
        client = await self.client("", mechanism="ANONYMOUS", domain=ANONYMOUS)
        self.assertEqual(client.boundjid.domain, ANONYMOUS)
        self.assertTrue(client.boundjid.user)

    async def test_a_taken_resource_replaces_the_old_session(self):
        first = await self.client("anna", "desk")
        second = await self.client("anna", "desk")
        await first.until(first.gone.is_set, "the end of the old session")
        self.assertEqual(second.boundjid.resource, "desk")

    # Messages

    async def test_a_message_arrives_with_one_stanza_id_live_and_in_the_archive(self):
        anna = await self.client("anna")
        bela = await self.client("bela", plugins=["xep_0313", "xep_0198"])
        anna.send_message(f"bela@{DOMAIN}", "hello", mtype="chat")
        await bela.until(lambda: "hello" in bela.bodies())
        live = stanza_id(next(m for m in bela.received if m["body"] == "hello"), f"bela@{DOMAIN}")
        self.assertTrue(live)
        found = []
        async for result in bela["xep_0313"].iterate(with_jid=slixmpp.JID(f"anna@{DOMAIN}")):
            found.append((result["mam_result"]["id"], result["mam_result"]["forwarded"]["stanza"]["body"]))
        self.assertIn((live, "hello"), found)

    async def test_offline_messages_come_in_order_with_a_delay(self):
        anna = await self.client("anna", plugins=["xep_0198"])
        wanted = [f"offline {i}" for i in range(20)]
        # What is stored only when cleo is there already comes without a delay, for it is not late.
        await anna.send_accepted(f"cleo@{DOMAIN}", wanted)
        cleo = await self.client("cleo", plugins=["xep_0203", "xep_0198"])
        await cleo.until_bodies(wanted)
        self.assertTrue(all(message.xml.find("{urn:xmpp:delay}delay") is not None for message in cleo.received))

    async def test_messages_of_five_hundred_characters_in_many_scripts(self):
        anna = await self.client("anna")
        bela = await self.client("bela")
        body = "שלום 你好 😀 <&>\"' é " * 20
        anna.send_message(f"bela@{DOMAIN}", body, mtype="chat")
        await bela.until(lambda: body in bela.bodies(), "the message")

    async def test_negative_priority_gets_no_message_to_the_bare_address(self):
        anna = await self.client("anna")
        low = await self.client("dora", "low", priority=-1)
        high = await self.client("dora", "high", priority=1)
        anna.send_message(f"dora@{DOMAIN}", "bare", mtype="chat")
        anna.send_message(f"dora@{DOMAIN}/low", "full", mtype="chat")
        await low.until(lambda: "full" in low.bodies())
        await high.until(lambda: "bare" in high.bodies())
        self.assertNotIn("bare", low.bodies())

    async def test_carbons_show_both_sides(self):
        anna = await self.client("anna", "one", plugins=["xep_0280"])
        other = await self.client("anna", "two", plugins=["xep_0280"])
        bela = await self.client("bela")
        for client in (anna, other):
            await client["xep_0280"].enable()
        sent, received = [], []
        other.add_event_handler("carbon_sent", lambda m: sent.append(m["carbon_sent"]["body"]))
        other.add_event_handler("carbon_received", lambda m: received.append(m["carbon_received"]["body"]))
        anna.send_message(f"bela@{DOMAIN}", "from one", mtype="chat")
        await other.until(lambda: "from one" in sent, "the sent carbon")
        bela.send_message(f"anna@{DOMAIN}/one", "to one", mtype="chat")
        await other.until(lambda: "to one" in received, "the received carbon")
        await anna.until(lambda: "to one" in anna.bodies())

    async def test_other_domains_are_not_found(self):
        anna = await self.client("anna")
        anna.send_message("somebody@elsewhere.example", "hello", mtype="chat")
        await anna.until(lambda: anna.errors, "the error")
        self.assertEqual(anna.errors[0]["error"]["condition"], "remote-server-not-found")

    # Roster and presence

    async def test_subscription_both_ways_and_presence(self):
        emil = await self.client("emil", plugins=["xep_0198"])
        fanny = await self.client("fanny", plugins=["xep_0198"])
        for client in (emil, fanny):
            client.auto_authorize = True
            client.auto_subscribe = True
            await client.get_roster()
        emil.send_presence_subscription(f"fanny@{DOMAIN}", ptype="subscribe")
        await emil.until(lambda: emil.client_roster[f"fanny@{DOMAIN}"]["subscription"] == "both", "both ways")
        await fanny.until(lambda: fanny.client_roster[f"emil@{DOMAIN}"]["subscription"] == "both", "both ways")
        emil.send_presence(pstatus="thinking", pshow="dnd")
        await fanny.until(lambda: any(p["status"] == "thinking" for p in fanny.presences), "the status")
        await emil.log_out()
        await fanny.until(lambda: any(p["type"] == "unavailable" and p["from"].bare == f"emil@{DOMAIN}"
                                      for p in fanny.presences), "emil's leaving")

    async def test_roster_items_have_names_and_groups_and_can_be_removed(self):
        anna = await self.client("anna")
        await anna.get_roster()
        await anna.update_roster(f"bela@{DOMAIN}", name="Béla", groups=["Friends"])
        again = await self.client("anna", "again")
        await again.get_roster()
        self.assertEqual(again.client_roster[f"bela@{DOMAIN}"]["name"], "Béla")
        self.assertEqual(list(again.client_roster[f"bela@{DOMAIN}"]["groups"]), ["Friends"])
        await anna.update_roster(f"bela@{DOMAIN}", subscription="remove")
        await again.until(lambda: f"bela@{DOMAIN}" not in again.client_roster.keys()
                          or again.client_roster[f"bela@{DOMAIN}"]["subscription"] in ("remove", "none"))

    # The server itself

    async def test_discovery_ping_version_and_time(self):
        anna = await self.client("anna", plugins=["xep_0030", "xep_0199", "xep_0092", "xep_0202"])
        info = await anna["xep_0030"].get_info(jid=DOMAIN)
        self.assertIn(("server", "im", None, "Godwit"), info["disco_info"]["identities"])
        self.assertIn("urn:xmpp:ping", info["disco_info"]["features"])
        own = await anna["xep_0030"].get_info(jid=f"anna@{DOMAIN}")
        self.assertIn("urn:xmpp:mam:2", own["disco_info"]["features"])
        self.assertGreaterEqual(await anna["xep_0199"].ping(DOMAIN), 0)
        version = await anna["xep_0092"].get_version(DOMAIN)
        self.assertEqual(version["software_version"]["name"], "Godwit")
        clock = await anna["xep_0202"].get_entity_time(DOMAIN)
        self.assertEqual(clock["entity_time"].xml.findtext("{urn:xmpp:time}tzo"), "+00:00")

    async def test_unknown_requests_are_answered(self):
        anna = await self.client("anna")
        for to in (DOMAIN, f"anna@{DOMAIN}", f"bela@{DOMAIN}", f"bela@{DOMAIN}/nowhere", None):
            with self.subTest(to=to):
                iq = anna.make_iq_get(queryxmlns="urn:example:unknown", ito=to)
                with self.assertRaises(IqError) as caught:
                    await iq.send(timeout=10)
                self.assertEqual(caught.exception.condition, "service-unavailable")


if __name__ == "__main__":
    unittest.main()
