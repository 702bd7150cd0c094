# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The archive as slixmpp uses it, and each field of a query (XEP-0313 §4); paging by hand is in test_archive."""

import datetime
import unittest

import slixmpp

from client import Client, stanza_id
from raw import CLIENT, RawClient, condition_of
from server import ANONYMOUS, DOMAIN, Server

MAM = "{urn:xmpp:mam:2}"
RSM = "{http://jabber.org/protocol/rsm}"
COUNT = 23


class History(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela", "cleo", "dora", "emma"]).start()
        bela = RawClient(cls.server, "bela").bind()
        bela.enable()
        cleo = RawClient(cls.server, "cleo").bind()
        cleo.enable()
        sent = {bela: 0, cleo: 0}
        for number in range(COUNT):
            sender = cleo if number % 5 == 4 else bela
            sender.message(f"anna@{DOMAIN}", f"text {number}", origin=f"text {number}")
            sent[sender] += 1
            sender.acked(sent[sender])
        cls.texts = [f"text {number}" for number in range(COUNT)]
        for sender in (bela, cleo):
            sender.close()
        anna = RawClient(cls.server, "anna", "first").bind()
        cls.rows = cls.ask(anna)[0]
        anna.close()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    @staticmethod
    def ask(client, fields=(), page="", more=""):
        """(rows as (id, body, time), fin or the error)."""
        form = "".join(f"<field var='{name}'>{''.join(f'<value>{one}</value>' for one in values)}</field>"
                       for name, *values in (("FORM_TYPE", "urn:xmpp:mam:2"), *fields))
        client.send(f"<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2' queryid='x'>"
                    f"<x xmlns='jabber:x:data' type='submit'>{form}</x>"
                    f"<set xmlns='http://jabber.org/protocol/rsm'>{page}</set>{more}</query></iq>")
        rows = []
        while True:
            stanza = client.read()
            if stanza.tag == CLIENT + "iq" and stanza.get("id") == "q":
                fin = stanza.find(MAM + "fin")
                return rows, stanza if fin is None else fin
            result = stanza.find(MAM + "result")
            if result is not None:
                assert result.get("queryid") == "x"
                rows.append((result.get("id"), result.findtext(f".//{CLIENT}body"),
                             result.find(".//{urn:xmpp:delay}delay").get("stamp")))

    def raw(self):
        client = RawClient(self.server, "anna", "asks").bind()
        self.addCleanup(client.close)
        return client

    async def anna(self, *plugins):
        client = Client(self.server, "anna", "slixmpp", plugins=["xep_0313", "xep_0441", *plugins])
        self.addAsyncCleanup(client.log_out)
        return await client.log_in(presence=False)

    async def bodies(self, client, **query):
        found = []
        async for result in client["xep_0313"].iterate(**query):
            found.append(result["mam_result"]["forwarded"]["stanza"]["body"])
        return found

    async def test_slixmpp_pages_in_both_directions(self):
        anna = await self.anna()
        self.assertEqual(await self.bodies(anna, rsm={"max": 5}), self.texts)
        backwards = await self.bodies(anna, reverse=True, rsm={"max": 5})
        self.assertEqual(backwards, list(reversed(self.texts)))

    async def test_slixmpp_asks_for_one_conversation(self):
        anna = await self.anna()
        self.assertEqual(await self.bodies(anna, with_jid=slixmpp.JID(f"cleo@{DOMAIN}")), self.texts[4::5])

    async def test_slixmpp_reads_form_metadata_and_preferences(self):
        anna = await self.anna()
        form = await anna["xep_0313"].get_fields()
        self.assertLessEqual({"with", "start", "end", "before-id", "after-id", "ids"}, set(form.get_fields()))
        ends = await anna["xep_0313"].get_archive_metadata()
        self.assertEqual(ends["mam_metadata"]["start"]["id"], self.rows[0][0])
        self.assertEqual(ends["mam_metadata"]["end"]["id"], self.rows[-1][0])
        await anna["xep_0441"].set_preferences(default="always", never=[slixmpp.JID("noise@elsewhere.example")])
        default, always, never = await anna["xep_0441"].get_preferences()
        self.assertEqual(default, "always")
        self.assertFalse(always)
        self.assertEqual({str(one) for one in never}, {"noise@elsewhere.example"})

    def test_each_field_of_a_query(self):
        client = self.raw()
        ids = [row[0] for row in self.rows]
        time = self.rows[10][2]
        rows = {words: [row[1] for row in self.ask(client, fields, page)[0]] for words, fields, page in (
            ("after an id", [("after-id", ids[9])], ""),
            ("before an id", [("before-id", ids[3])], ""),
            ("between ids", [("after-id", ids[2]), ("before-id", ids[6])], ""),
            ("named ones", [("ids", ids[7], ids[1])], ""),
            ("from a time on", [("start", time)], ""),
            ("up to a time", [("end", time)], ""),
            ("of one and after", [("with", f"cleo@{DOMAIN}"), ("after-id", ids[9])], ""),
            ("the last three", [], "<max>3</max><before/>"),
            ("none", [], "<max>0</max>"))}
        texts = self.texts
        self.assertEqual(rows["after an id"], texts[10:])
        self.assertEqual(rows["before an id"], texts[:3])
        self.assertEqual(rows["between ids"], texts[3:6])
        self.assertEqual(sorted(rows["named ones"]), sorted([texts[1], texts[7]]))
        self.assertEqual(rows["from a time on"][-13:], texts[10:])
        self.assertEqual(rows["up to a time"][:11], texts[:11])
        self.assertEqual(rows["of one and after"], texts[14::5])
        self.assertEqual(rows["the last three"], texts[-3:])
        self.assertEqual(rows["none"], [])

    def test_a_page_may_be_flipped(self):
        """XEP-0313 §4.2: newest first, under the same first and last."""
        rows, fin = self.ask(self.raw(), page="<max>4</max><before/>", more="<flip-page/>")
        self.assertEqual([row[1] for row in rows], list(reversed(self.texts[-4:])))
        self.assertEqual(fin.findtext(f".//{RSM}first"), self.rows[-4][0])
        self.assertEqual(fin.findtext(f".//{RSM}last"), self.rows[-1][0])

    def test_times_are_those_of_storing_and_never_fall(self):
        stamps = [row[2] for row in self.rows]
        self.assertEqual(stamps, sorted(stamps))
        now = datetime.datetime.now(datetime.timezone.utc)
        newest = datetime.datetime.fromisoformat(stamps[-1].replace("Z", "+00:00"))
        self.assertLess(abs((now - newest).total_seconds()), 600)

    def test_what_is_wrong_is_refused(self):
        client = self.raw()
        for words, fields, page, condition in (
                ("an id of somebody else's", [], f"<after>{self.id_of('bela')}</after>", "item-not-found"),
                ("ids that are none", [("ids", "none")], "", "item-not-found"),
                ("a time that is none", [("start", "yesterday")], "", "bad-request"),
                ("an address that is none", [("with", "@@")], "", None),
                ("a page by its number", [], "<max>2</max><index>1</index>", "feature-not-implemented"),
                ("a number that is none", [], "<max>many</max>", "bad-request")):
            with self.subTest(words):
                _, error = self.ask(client, fields, page)
                self.assertEqual(error.get("type"), "error")
                if condition:
                    self.assertEqual(condition_of(error)[1], condition)

    def id_of(self, user):
        """Some id of that user's own archive."""
        client = RawClient(self.server, user, "own").bind()
        self.addCleanup(client.close)
        return self.ask(client)[0][0][0]

    def test_the_archive_of_somebody_else_is_closed(self):
        client = self.raw()
        for payload in ("<query xmlns='urn:xmpp:mam:2'/>", "<prefs xmlns='urn:xmpp:mam:2' default='never'/>"):
            answer = client.request("set", payload, f"bela@{DOMAIN}")
            self.assertEqual(answer.get("type"), "error")

    def test_an_anonymous_account_has_none(self):
        """Rule 1: nothing is stored for it."""
        client = RawClient.anonymous(self.server, ANONYMOUS)
        self.addCleanup(client.close)
        answer = client.request("set", "<query xmlns='urn:xmpp:mam:2'/>")
        self.assertEqual(answer.get("type"), "error")

    async def test_ids_are_those_of_live_messages_and_origin_ids_stay(self):
        """Rule 8: one id live, in the archive and after a fresh login; sender and recipient have different ones."""
        emma = Client(self.server, "emma", "live", plugins=["xep_0313", "xep_0359", "xep_0198"])
        dora = Client(self.server, "dora", "live", plugins=["xep_0313", "xep_0359", "xep_0198"])
        for client in (emma, dora):
            self.addAsyncCleanup(client.log_out)
            await client.log_in()
        message = emma.make_message(f"dora@{DOMAIN}", "both", mtype="chat")
        message["origin_id"]["id"] = "chosen-by-emma"
        message.send()
        await dora.until(lambda: "both" in dora.bodies())
        live = next(one for one in dora.received if one["body"] == "both")
        self.assertEqual(live["origin_id"]["id"], "chosen-by-emma")
        ids = {}
        for client, peer in ((emma, "dora"), (dora, "emma")):
            async for result in client["xep_0313"].iterate(with_jid=slixmpp.JID(f"{peer}@{DOMAIN}")):
                ids[client.boundjid.user] = result["mam_result"]["id"]
        self.assertEqual(ids["dora"], stanza_id(live, f"dora@{DOMAIN}"))
        self.assertNotEqual(ids["emma"], ids["dora"])

    def test_a_stanza_id_that_claims_to_be_ours_is_removed(self):
        """XEP-0359 §5."""
        emma = RawClient(self.server, "emma", "forges").bind()
        self.addCleanup(emma.close)
        emma.enable()
        dora = RawClient(self.server, "dora", "forged").bind().presence()
        self.addCleanup(dora.close)
        emma.message(f"dora@{DOMAIN}", "forged", origin="forged",
                     extra=f"<stanza-id xmlns='urn:xmpp:sid:0' by='dora@{DOMAIN}' id='FORGED'/>"
                           "<stanza-id xmlns='urn:xmpp:sid:0' by='other.example' id='kept'/>")
        while True:
            message = dora.until(CLIENT + "message")
            if message.findtext(CLIENT + "body") == "forged":
                break
        ids = [(one.get("by"), one.get("id")) for one in message.findall("{urn:xmpp:sid:0}stanza-id")]
        self.assertEqual(len([one for one in ids if one[0] == f"dora@{DOMAIN}"]), 1)
        self.assertNotIn((f"dora@{DOMAIN}", "FORGED"), ids)
        self.assertIn(("other.example", "kept"), ids)


if __name__ == "__main__":
    unittest.main()
