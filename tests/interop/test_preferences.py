# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What an account wants archived (XEP-0441) decides what is archived, on either side; all else is stored until proved
(DELIVERY.md rule 1)."""

import unittest

from raw import CLIENT, RawClient
from server import DOMAIN, Server

MAM = "{urn:xmpp:mam:2}"
ANNA, BELA, CLEO = (f"{user}@{DOMAIN}" for user in ("anna", "bela", "cleo"))


class Preferences(unittest.TestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela", "cleo"]).start()
        self.addCleanup(self.server.remove)
        self.anna, self.bela, self.cleo = (self.client(user) for user in ("anna", "bela", "cleo"))

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

    def prefer(self, client, default, always=(), never=()):
        lists = "".join(f"<{name}>{''.join(f'<jid>{jid}</jid>' for jid in jids)}</{name}>"
                        for name, jids in (("always", always), ("never", never)))
        answer = self.ask(client, f"<prefs xmlns='urn:xmpp:mam:2' default='{default}'>{lists}</prefs>")
        self.assertEqual(answer.get("type"), "result")
        self.assertEqual(answer.find(MAM + "prefs").get("default"), default)

    def archive(self, client):
        client.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>")
        bodies = []
        while True:
            stanza = client.read()
            if stanza.tag == CLIENT + "iq" and stanza.get("id") == "q":
                return bodies
            if stanza.find(MAM + "result") is not None:
                bodies.append(stanza.findtext(f".//{CLIENT}body"))

    def say(self, client, to, *bodies):
        before = client.request_ack()
        for body in bodies:
            client.message(to, body, origin=body)
        client.acked(before + len(bodies))

    def test_never_for_the_recipient_is_stored_until_proved_and_not_archived(self):
        self.prefer(self.anna, "never")
        self.say(self.bela, ANNA, "one", "two")
        self.assertEqual(self.archive(self.anna), [])
        self.assertEqual(self.archive(self.bela), ["one", "two"])
        # It is pending all the same, over a kill, and although this client read its archive first (rule 13).
        self.server.kill()
        self.server.start()
        anna = self.client("anna")
        anna.presence()
        self.assertEqual([body for body, _ in anna.bodies(2)], ["one", "two"])
        self.assertEqual(self.archive(anna), [])

    def test_never_for_the_sender_leaves_the_recipients_archive(self):
        self.prefer(self.bela, "never")
        self.say(self.bela, ANNA, "one")
        self.assertEqual(self.archive(self.bela), [])
        self.assertEqual(self.archive(self.anna), ["one"])

    def test_the_lists_come_before_the_default_and_never_before_always(self):
        self.prefer(self.anna, "never", always=[BELA, f"{CLEO}/other"])
        self.say(self.bela, ANNA, "always by name")
        self.say(self.cleo, ANNA, "another resource")
        self.say(self.client("cleo", "other"), ANNA, "this resource")
        self.assertEqual(self.archive(self.anna), ["always by name", "this resource"])
        self.prefer(self.anna, "always", always=[BELA], never=[BELA])
        self.say(self.bela, ANNA, "in both")
        self.say(self.cleo, ANNA, "in none")
        self.assertEqual(self.archive(self.anna), ["always by name", "this resource", "in none"])

    def test_roster_follows_the_roster(self):
        self.prefer(self.anna, "roster")
        self.say(self.bela, ANNA, "stranger")
        self.ask(self.anna, f"<query xmlns='jabber:iq:roster'><item jid='{BELA}'/></query>")
        self.say(self.bela, ANNA, "contact")
        self.say(self.anna, BELA, "answer")
        self.say(self.cleo, ANNA, "other")
        self.assertEqual(self.archive(self.anna), ["contact", "answer"])
        self.server.kill()
        self.server.start()
        bela, anna = self.client("bela"), self.client("anna")
        self.say(bela, ANNA, "after a restart")
        self.ask(anna, f"<query xmlns='jabber:iq:roster'><item jid='{BELA}' subscription='remove'/></query>")
        self.say(bela, ANNA, "stranger again")
        self.assertEqual(self.archive(anna), ["contact", "answer", "after a restart"])

    def test_what_is_wrong_changes_nothing(self):
        self.prefer(self.anna, "never", never=[BELA])
        for payload in ("<prefs xmlns='urn:xmpp:mam:2' default='sometimes'/>",
                        "<prefs xmlns='urn:xmpp:mam:2' default='always'><never><jid>@</jid></never></prefs>"):
            self.assertEqual(self.ask(self.anna, payload).get("type"), "error")
        prefs = self.ask(self.anna, "<prefs xmlns='urn:xmpp:mam:2'/>", kind="get").find(MAM + "prefs")
        self.assertEqual(prefs.get("default"), "never")
        self.assertEqual([jid.text for jid in prefs.find(MAM + "never")], [BELA])
        self.assertEqual(len(prefs.find(MAM + "always")), 0)


if __name__ == "__main__":
    unittest.main()
