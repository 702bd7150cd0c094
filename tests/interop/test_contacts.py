# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Roster with versions, subscriptions in every direction, presence: RFC 6121 §2 to §4 as two clients see it."""

import unittest

from client import Client
from raw import CLIENT, RawClient, condition_of
from server import DOMAIN, Server

ROSTER = "{jabber:iq:roster}"
USERS = ["emil", "fanny", "greta", "hans", "ida", "jan", "karl", "lena", "mona", "nils"]


class Subscriptions(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=USERS).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    async def client(self, user, **answers):
        client = Client(self.server, user, plugins=["xep_0198"])
        self.addAsyncCleanup(client.log_out)
        client.auto_authorize = answers.get("authorize")
        client.auto_subscribe = answers.get("subscribe", False)
        await client.log_in(presence=False)
        await client.get_roster()
        client.send_presence()
        return client

    def state(self, client, other):
        item = client.client_roster[f"{other}@{DOMAIN}"]
        return item["subscription"], item["pending_out"]

    async def test_asked_granted_seen_and_taken_back(self):
        emil = await self.client("emil")
        fanny = await self.client("fanny", authorize=True)
        emil.send_presence_subscription(f"fanny@{DOMAIN}", ptype="subscribe")
        await emil.until(lambda: self.state(emil, "fanny")[0] == "to", "emil may see fanny")
        await fanny.until(lambda: self.state(fanny, "emil")[0] == "from", "fanny is seen by emil")
        await emil.until(lambda: any(one["from"].bare == f"fanny@{DOMAIN}" and one["type"] == "available"
                                     for one in emil.presences), "fanny's presence")
        fanny.send_presence_subscription(f"emil@{DOMAIN}", ptype="unsubscribed")
        await emil.until(lambda: self.state(emil, "fanny")[0] == "none", "emil may no longer see fanny")
        await emil.until(lambda: any(one["from"].bare == f"fanny@{DOMAIN}" and one["type"] == "unavailable"
                                     for one in emil.presences), "fanny's leaving")
        await fanny.until(lambda: self.state(fanny, "emil")[0] == "none", "fanny is no longer seen")

    async def test_the_subscriber_may_end_it_too(self):
        greta = await self.client("greta")
        hans = await self.client("hans", authorize=True)
        greta.send_presence_subscription(f"hans@{DOMAIN}", ptype="subscribe")
        await greta.until(lambda: self.state(greta, "hans")[0] == "to", "greta may see hans")
        greta.send_presence_subscription(f"hans@{DOMAIN}", ptype="unsubscribe")
        await hans.until(lambda: self.state(hans, "greta")[0] == "none", "hans is no longer seen")
        await greta.until(lambda: self.state(greta, "hans")[0] == "none", "greta no longer sees")

    async def test_a_request_is_refused(self):
        ida = await self.client("ida")
        jan = await self.client("jan", authorize=False)
        ida.send_presence_subscription(f"jan@{DOMAIN}", ptype="subscribe")
        await ida.until(lambda: any(one["type"] == "unsubscribed" for one in ida.presences), "the refusal")
        self.assertEqual(self.state(ida, "jan")[0], "none")
        self.assertFalse([one for one in ida.presences if one["from"].bare == jan.boundjid.bare
                          and one["type"] == "available"])

    async def test_a_request_waits_for_who_is_away_and_comes_with_each_login_until_it_is_answered(self):
        """RFC 6121 §3.1.3."""
        karl = await self.client("karl")
        karl.send_presence_subscription(f"lena@{DOMAIN}", ptype="subscribe")
        await karl.until(lambda: self.state(karl, "lena")[1], "the push that the request is out")
        for _ in range(2):
            lena = RawClient(self.server, "lena").bind().presence()
            request = lena.until(CLIENT + "presence")
            while request.get("type") != "subscribe":
                request = lena.until(CLIENT + "presence")
            self.assertEqual(request.get("from"), f"karl@{DOMAIN}")
            lena.close()

    async def test_both_ways_at_once(self):
        mona = await self.client("mona", authorize=True, subscribe=True)
        nils = await self.client("nils", authorize=True, subscribe=True)
        mona.send_presence_subscription(f"nils@{DOMAIN}", ptype="subscribe")
        await mona.until(lambda: self.state(mona, "nils")[0] == "both", "both ways")
        await nils.until(lambda: self.state(nils, "mona")[0] == "both", "both ways")
        nils.send_presence(pshow="dnd", pstatus="busy", ppriority=7)
        await mona.until(lambda: any((one["show"], one["status"], one["priority"]) == ("dnd", "busy", 7)
                                     for one in mona.presences), "how nils is")


class Roster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela", "vera"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user, resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.close)
        return client

    def roster(self, client, version=None):
        ver = f" ver='{version}'" if version is not None else ""
        return client.request("get", f"<query xmlns='jabber:iq:roster'{ver}/>").find(ROSTER + "query")

    def put(self, client, jid, more=""):
        answer = client.request("set", f"<query xmlns='jabber:iq:roster'><item jid='{jid}'{more}/></query>")
        self.assertEqual(answer.get("type"), "result")

    def push(self, client):
        """(version, address, subscription) of the next push; it is answered."""
        while True:
            iq = client.until(CLIENT + "iq")
            query = iq.find(ROSTER + "query")
            if iq.get("type") == "set" and query is not None:
                client.send(f"<iq type='result' id='{iq.get('id')}'/>")
                return query.get("ver"), query[0].get("jid"), query[0].get("subscription")

    def test_versions_spare_what_is_known(self):
        """RFC 6121 §2.6."""
        vera = self.client("vera")
        self.assertIsNotNone(vera.features.find("{urn:xmpp:features:rosterver}ver"))
        self.put(vera, "one@elsewhere.example")
        whole = self.roster(vera, "")
        self.assertEqual([item.get("jid") for item in whole], ["one@elsewhere.example"])
        first = whole.get("ver")
        self.assertIsNone(self.roster(vera, first), "nothing new, and yet it was sent")
        pushed = self.push(vera) if any(e.tag == CLIENT + "iq" for e in vera.pending) else None
        self.assertIn(pushed and pushed[0], (None, first))
        self.put(vera, "two@elsewhere.example")
        again = self.client("vera", "again")
        answer = self.roster(again, first)
        if answer is None:
            # Changes come as pushes behind an empty result.
            version, jid, _ = self.push(again)
            self.assertEqual(jid, "two@elsewhere.example")
        else:
            version = answer.get("ver")
            self.assertIn("two@elsewhere.example", [item.get("jid") for item in answer])
        self.assertNotEqual(version, first)
        self.assertIsNone(self.roster(again, version))

    def test_changes_are_pushed_to_each_session_that_asked(self):
        one, two, deaf = self.client("anna", "one"), self.client("anna", "two"), self.client("anna", "deaf")
        self.roster(one)
        self.roster(two)
        self.put(one, f"bela@{DOMAIN}", " name='Bela'")
        self.assertEqual(self.push(one)[1:], (f"bela@{DOMAIN}", "none"))
        self.assertEqual(self.push(two)[1:], (f"bela@{DOMAIN}", "none"))
        self.put(two, f"bela@{DOMAIN}", " subscription='remove'")
        self.assertEqual(self.push(one)[1:], (f"bela@{DOMAIN}", "remove"))
        answer = deaf.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        self.assertEqual(answer.get("type"), "result")
        self.assertEqual([iq for iq in deaf.pending if iq.find(ROSTER + "query") is not None], [])

    def test_what_is_wrong_is_refused(self):
        """RFC 6121 §2.3.3, §2.5.3."""
        anna = self.client("anna")
        for words, items, condition in (
                ("no item", "", "bad-request"),
                ("two items", "<item jid='a@b.c'/><item jid='d@e.f'/>", "bad-request"),
                ("removing who is not there", "<item jid='x@y.z' subscription='remove'/>", "item-not-found"),
                ("a group twice", "<item jid='a@b.c'><group>x</group><group>x</group></item>", "bad-request"),
                ("a group without a name", "<item jid='a@b.c'><group/></item>", "not-acceptable")):
            with self.subTest(words):
                answer = anna.request("set", f"<query xmlns='jabber:iq:roster'>{items}</query>")
                self.assertEqual(condition_of(answer)[1], condition)

    def test_the_roster_of_somebody_else_is_not_shown(self):
        answer = self.client("anna").request("get", "<query xmlns='jabber:iq:roster'/>", f"bela@{DOMAIN}")
        self.assertEqual(answer.get("type"), "error")


class Presence(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def client(self, user, resource, priority=None):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.close)
        if priority is not None:
            client.presence(priority)
        return client

    def presence_of(self, client, jid, kind=None):
        while True:
            presence = client.until(CLIENT + "presence")
            if presence.get("from") == jid and presence.get("type") == kind:
                return presence

    def test_own_sessions_see_each_other_come_and_go(self):
        one = self.client("anna", "one", 0)
        two = self.client("anna", "two", 3)
        self.presence_of(one, f"anna@{DOMAIN}/two")
        self.presence_of(two, f"anna@{DOMAIN}/one")
        two.close()
        self.presence_of(one, f"anna@{DOMAIN}/two", "unavailable")

    def test_a_torn_connection_is_seen_as_leaving(self):
        one = self.client("anna", "one", 0)
        two = self.client("anna", "two", 0)
        self.presence_of(one, f"anna@{DOMAIN}/two")
        two.tear()
        self.presence_of(one, f"anna@{DOMAIN}/two", "unavailable")

    def test_directed_presence_reaches_a_stranger_and_so_does_its_end(self):
        """RFC 6121 §4.6."""
        anna = self.client("anna", "one", 0)
        bela = self.client("bela", "one", 0)
        anna.send(f"<presence to='bela@{DOMAIN}/one'><status>for you</status></presence>")
        self.assertEqual(self.presence_of(bela, f"anna@{DOMAIN}/one").findtext(CLIENT + "status"), "for you")
        anna.close()
        self.presence_of(bela, f"anna@{DOMAIN}/one", "unavailable")

    def test_a_priority_that_is_no_number_is_refused(self):
        anna = self.client("anna", "one")
        for priority in ("high", "128", "-129"):
            with self.subTest(priority):
                anna.send(f"<presence id='p'><priority>{priority}</priority></presence>")
                presence = anna.until(CLIENT + "presence")
                self.assertEqual(presence.get("type"), "error")
                self.assertEqual(condition_of(presence), ("modify", "bad-request"))

    def test_messages_follow_the_priority_as_it_changes(self):
        """Rule 2: none with negative priority; what waited comes when it is negative no more (rule 13)."""
        anna = self.client("anna", "sender", None)
        bela = self.client("bela", "changes", -1)
        bela.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        anna.message(f"bela@{DOMAIN}", "waits")
        anna.message(f"bela@{DOMAIN}/changes", "comes")
        self.assertEqual(bela.bodies(1)[0][0], "comes")
        bela.presence(0)
        self.assertEqual(bela.bodies(1)[0][0], "waits")
        bela.presence(-1)
        bela.request("get", "<ping xmlns='urn:xmpp:ping'/>")
        anna.message(f"bela@{DOMAIN}", "waits again")
        anna.message(f"bela@{DOMAIN}/changes", "comes again")
        self.assertEqual(bela.bodies(1)[0][0], "comes again")


if __name__ == "__main__":
    unittest.main()
