# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Who is blocked (XEP-0191): messages, presence, requests, and what already waits (DELIVERY.md rule 3)."""

import unittest

from raw import CLIENT, SM, RawClient
from server import DOMAIN, Server

BLOCKING = "{urn:xmpp:blocking}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
ANNA, BELA, CLEO = (f"{user}@{DOMAIN}" for user in ("anna", "bela", "cleo"))


class Blocking(unittest.TestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela", "cleo"],
                             config="[limits]\nblocked_max = 3\n").start()
        self.addCleanup(self.server.remove)
        self.anna = self.client("anna")

    def client(self, user, resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.socket.close)
        client.enable()
        return client

    def ask(self, client, payload, kind="set"):
        client.send(f"<iq type='{kind}' id='ask'>{payload}</iq>")
        while True:
            answer = client.until(CLIENT + "iq")
            if answer.get("id") == "ask":
                return answer

    def block(self, *addresses, client=None, name="block"):
        items = "".join(f"<item jid='{address}'/>" for address in addresses)
        return self.ask(client or self.anna, f"<{name} xmlns='urn:xmpp:blocking'>{items}</{name}>")

    def blocked(self, client=None):
        answer = self.ask(client or self.anna, "<blocklist xmlns='urn:xmpp:blocking'/>", kind="get")
        return [item.get("jid") for item in answer.find(BLOCKING + "blocklist")]

    def condition(self, stanza):
        self.assertEqual(stanza.get("type"), "error")
        return stanza.find(CLIENT + "error")[0].tag.removeprefix(ERRORS)

    def befriend(self, one, other):
        for client, jid in ((one, other.jid), (other, one.jid)):
            client.presence()
            client.send(f"<presence to='{jid}' type='subscribe'/><presence to='{jid}' type='subscribed'/>")
        for client, jid in ((one, other.jid), (other, one.jid)):
            self.seen(client, jid, None)

    def seen(self, client, bare, kind):
        """Reads on to the presence of `kind` from a session of `bare`."""
        while True:
            presence = client.until(CLIENT + "presence")
            if presence.get("from").startswith(bare + "/") and presence.get("type") == kind:
                return presence

    def test_the_list_lasts_and_other_devices_hear_of_changes(self):
        self.assertEqual(self.blocked(), [])
        other = self.client("anna", "other")
        self.assertEqual(self.block(BELA, f"{CLEO}/phone").get("type"), "result")
        push = self.anna.until(CLIENT + "iq")
        self.assertEqual([push.get("type"), push[0].tag], ["set", BLOCKING + "block"])
        self.assertEqual([item.get("jid") for item in push[0]], [BELA, f"{CLEO}/phone"])
        self.assertEqual(self.blocked(other), [BELA, f"{CLEO}/phone"])
        self.server.kill()
        self.server.start()
        self.anna = self.client("anna")
        self.assertEqual(self.blocked(), [BELA, f"{CLEO}/phone"])
        self.assertEqual(self.block(BELA, name="unblock").get("type"), "result")
        self.assertEqual(self.blocked(), [f"{CLEO}/phone"])
        self.assertEqual(self.block(name="unblock").get("type"), "result")
        self.assertEqual(self.blocked(), [])

    def test_requests_that_are_wrong(self):
        self.assertEqual(self.condition(self.block()), "bad-request")
        self.assertEqual(self.condition(self.block("@")), "jid-malformed")
        self.assertEqual(self.condition(self.block(*(f"u{i}@example.net" for i in range(4)))), "resource-constraint")
        self.assertEqual(self.blocked(), [])
        bela = self.client("bela")
        bela.send(f"<iq type='get' id='foreign' to='{ANNA}'><blocklist xmlns='urn:xmpp:blocking'/></iq>")
        self.assertEqual(self.condition(bela.until(CLIENT + "iq")), "forbidden")

    def test_messages_are_refused_before_the_ack(self):
        """Rule 3: refused before storing, the error before the ack that covers it."""
        self.block(BELA)
        bela = self.client("bela")
        bela.message(ANNA, "hello", origin="refused")
        bela.send("<r xmlns='urn:xmpp:sm:3'/>")
        self.assertEqual(self.condition(bela.read()), "service-unavailable")
        bela.until(SM + "a")
        self.block(BELA, name="unblock")
        bela.message(ANNA, "now", origin="taken")
        self.anna.presence()
        self.assertEqual(self.anna.bodies(1)[0][0], "now")

    def test_requests_and_states_are_answered_as_if_nobody_were_there(self):
        self.anna.presence()
        self.block(BELA)
        bela = self.client("bela")
        bela.send(f"<iq type='get' id='ping' to='{ANNA}/raw'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual(self.condition(bela.until(CLIENT + "iq")), "service-unavailable")

    def test_what_the_account_itself_sends_there_comes_back(self):
        self.block(BELA)
        for stanza in (f"<message to='{BELA}' type='chat' id='s'><body>x</body></message>",
                       f"<presence to='{BELA}' id='s'/>",
                       f"<iq to='{BELA}/raw' type='get' id='s'><ping xmlns='urn:xmpp:ping'/></iq>"):
            self.anna.send(stanza)
            answer = self.anna.read()
            while answer.get("id") != "s":
                answer = self.anna.read()
            self.assertEqual(self.condition(answer), "not-acceptable")
            self.assertIsNotNone(answer.find(f".//{BLOCKING[:-1]}:errors}}blocked"))

    def test_what_waits_from_there_is_forgotten(self):
        """Rule 3: blocking later removes that sender's pending messages; others stay."""
        bela, cleo = self.client("bela"), self.client("cleo")
        for i in range(3):
            bela.message(ANNA, f"b{i}", origin=f"b{i}")
            cleo.message(ANNA, f"c{i}", origin=f"c{i}")
        bela.acked(3)
        cleo.acked(3)
        self.assertEqual(self.block(BELA).get("type"), "result")
        self.anna.presence()
        self.assertEqual([body for body, _ in self.anna.bodies(3)], ["c0", "c1", "c2"])
        cleo.message(ANNA, "next", origin="next")
        self.assertEqual(self.anna.bodies(1)[0][0], "next")

    def test_a_blocked_domain_covers_its_users_but_never_the_account_itself(self):
        bela = self.client("bela")
        bela.message(ANNA, "waits", origin="waits")
        bela.acked(1)
        other = self.client("anna", "other")
        other.message(ANNA, "note to self", origin="note")
        other.acked(1)
        self.assertEqual(self.block(DOMAIN).get("type"), "result")
        bela.message(ANNA, "refused", origin="refused")
        self.assertEqual(self.condition(bela.until(CLIENT + "message")), "service-unavailable")
        self.anna.presence()
        self.assertEqual(self.anna.bodies(1)[0][0], "note to self")
        other.message(ANNA, "another", origin="another")
        self.assertEqual(self.anna.bodies(1)[0][0], "another")
        self.assertEqual(self.ask(self.anna, "<ping xmlns='urn:xmpp:ping'/>", kind="get").get("type"), "result")

    def test_contacts_see_the_account_leave_and_come_back(self):
        """XEP-0191 §3.3, §3.4."""
        bela = self.client("bela")
        self.befriend(self.anna, bela)
        self.block(BELA)
        self.seen(bela, ANNA, "unavailable")
        # Neither side hears of the other: what follows would show it, for presence is in order.
        self.anna.send("<presence><status>hidden</status></presence>")
        bela.send("<presence><status>unheard</status></presence>")
        bela.send(f"<presence to='{ANNA}' type='probe'/>")
        bela.send(f"<iq type='get' id='sync' to='{DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>")
        while True:
            stanza = bela.read()
            if stanza.get("id") == "sync":
                break
            self.assertFalse(stanza.get("from", "").startswith(ANNA), "a blocked contact hears of the account")
        self.block(BELA, name="unblock")
        back = self.seen(bela, ANNA, None)
        self.assertEqual(back.findtext(CLIENT + "status"), "hidden")
        now = self.seen(self.anna, BELA, None)
        self.assertEqual(now.findtext(CLIENT + "status"), "unheard")


if __name__ == "__main__":
    unittest.main()
