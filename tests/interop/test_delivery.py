# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""RFC 6121 §8 on the live server, each row of tests/corpus/delivery/rules.txt (DELIVERY.md rules 1 and 2).

Nothing here waits for silence: behind each stanza goes one that must come, on the same way, and what came before it is
all there was."""

import pathlib
import unittest
import xml.etree.ElementTree as ElementTree

from raw import CLIENT, STANZAS, RawClient, condition_of
from server import DOMAIN, Server

TABLE = pathlib.Path(__file__).resolve().parents[1] / "corpus" / "delivery" / "rules.txt"
# (name of the column, priorities of the sessions of the account, resource that the stanza is addressed to)
COLUMNS = (
    ("no-bare", None, ""),
    ("no-full", None, "gone"),
    ("bare-nobody", {}, ""),
    ("bare-negative", {"low": -1}, ""),
    ("bare-some", {"high": 5, "zero": 0, "low": -1}, ""),
    ("full-match", {"zero": 0, "high": 5, "low": -1}, "zero"),
    ("full-negative", {"low": -1, "high": 5}, "low"),
    ("gone-nobody", {}, "gone"),
    ("gone-negative", {"low": -1}, "gone"),
    ("gone-some", {"high": 5, "zero": 0, "low": -1}, "gone"),
)
CONTENTS = {"message": "<body>words</body>", "iq": "<what xmlns='urn:example:what'/>", "presence": ""}
STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"


def rows():
    """(name, kind, type, column, cell) of each cell of the table."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, of_type, *cells = line.split()
            for column, cell in zip(COLUMNS, cells, strict=True):
                yield f"{column[0]}: {kind} {of_type} {cell}", kind, of_type, column, cell.split("(")[0]


class Table(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = list(rows())
        users = ["sender"] + [f"user{number}" for number, row in enumerate(cls.rows) if row[3][1] is not None]
        cls.server = Server(users=users).start()
        cls.sender = RawClient(cls.server, "sender").bind()
        cls.sender.enable()
        cls.sender.presence()

    @classmethod
    def tearDownClass(cls):
        cls.sender.close()
        cls.server.remove()

    def test_each_row_of_section_8(self):
        for number, (name, kind, of_type, (_, priorities, resource), cell) in enumerate(self.rows):
            with self.subTest(name):
                user = f"user{number}" if priorities is not None else "nobody"
                sessions = {}
                try:
                    for name_of, priority in (priorities or {}).items():
                        sessions[name_of] = self.available(user, name_of, priority)
                    self.check(kind, of_type, user, resource, sessions, cell)
                finally:
                    for session in sessions.values():
                        session.close()
        self.assertEqual(len(self.rows), 180)

    def available(self, user, resource, priority):
        session = RawClient(self.server, user, resource).bind()
        session.enable()
        session.priority = priority
        session.presence(priority)
        session.acked(1)
        return session

    def check(self, kind, of_type, user, resource, sessions, cell):
        bare = f"{user}@{DOMAIN}"
        to = f"{bare}/{resource}" if resource else bare
        attribute = "" if of_type == "available" else f" type='{'chat' if of_type == 'chat-state' else of_type}'"
        content = STATE if of_type == "chat-state" else CONTENTS[kind]
        self.sender.send(f"<{kind} to='{to}' id='row'{attribute}>{content}</{kind}>")
        if cell == "handle" and of_type == "subscribe":
            # It is stored first, and what is sent behind it does not wait for that.
            for session in sessions.values():
                request = session.until(CLIENT + "presence")
                while request.get("type") != "subscribe":
                    request = session.until(CLIENT + "presence")
                self.assertEqual(request.get("from"), f"sender@{DOMAIN}")
            return
        back = self.answers(bare)
        shown = {name for name, session in sessions.items() if self.shows(session, kind)}
        later = cell == "later" or (cell == "drop" and user != "nobody" and not sessions)
        came_later = self.comes_later(user, kind) if later else False
        some = {name for name, session in sessions.items() if session.priority >= 0}
        self.assertEqual(came_later, cell == "later")
        if cell == "error" or (cell == "handle" and kind == "iq"):
            self.assertEqual([condition_of(one) for one in back], [("cancel", "service-unavailable")])
            self.assertEqual(back[0].get("from"), to)
        elif of_type != "probe":
            # A probe by a stranger may be answered with unsubscribed, which is what the server does for the account.
            self.assertEqual([ElementTree.tostring(one) for one in back], [])
        expected = {"one": {resource}, "all": some}.get(cell, set())
        if cell == "handle" and of_type in ("available", "unavailable", "error"):
            expected = set(sessions)
        self.assertEqual(shown, expected)

    def answers(self, bare):
        """What the sender was told about its stanza. The request behind it is answered on the same way."""
        self.sender.send(f"<iq to='{bare}/barrier' id='barrier' type='get'><ping xmlns='urn:xmpp:ping'/></iq>")
        found = []
        while True:
            element = self.sender.read()
            if element.get("id") == "barrier":
                return found
            if element.tag in STANZAS and element.get("id") == "row":
                found.append(element)

    def shows(self, session, kind):
        """Whether the session was given the stanza before what is sent to it now."""
        self.sender.message(f"{session.jid}/{session.resource}", "marker")
        found = 0
        while True:
            element = session.read()
            if element.tag == CLIENT + "message" and element.findtext(CLIENT + "body") == "marker":
                self.assertLessEqual(found, 1)
                return found == 1
            mine = (element.get("from") or "").startswith(f"sender@{DOMAIN}")
            found += element.tag == CLIENT + kind and mine and element.get("id") == "row"

    def comes_later(self, user, kind):
        """Whether a session that comes now is given the stanza."""
        self.sender.message(f"{user}@{DOMAIN}", "marker")
        session = self.available(user, "later", 0)
        try:
            found = self.shows_until_marker(session, kind)
        finally:
            session.close()
        return found

    def shows_until_marker(self, session, kind):
        found = False
        while True:
            element = session.read()
            if element.findtext(CLIENT + "body") == "marker":
                return found
            found = found or (element.tag == CLIENT + kind and element.get("id") == "row")


class Elsewhere(unittest.TestCase):
    """§8.1 to §8.3: no address, another domain, the server itself."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna"]).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.anna = RawClient(self.server, "anna", "one").bind().presence()
        self.other = RawClient(self.server, "anna", "two").bind().presence()
        for client in (self.anna, self.other):
            self.addCleanup(client.close)

    def test_8_1_a_message_without_address_is_for_the_own_bare_jid(self):
        self.anna.send("<message id='self' type='chat'><body>note</body></message>")
        for client in (self.anna, self.other):
            self.assertEqual(client.bodies(1)[0][0], "note")

    def test_8_1_a_presence_without_address_is_broadcast(self):
        self.anna.send("<presence><status>here</status></presence>")
        while self.other.until(CLIENT + "presence").findtext(CLIENT + "status") != "here":
            pass

    def test_8_1_an_iq_without_address_is_for_the_account(self):
        answer = self.anna.request("get", "<query xmlns='jabber:iq:roster'/>")
        self.assertEqual(answer.get("type"), "result")

    def test_8_2_other_domains_are_not_found(self):
        for to in ("elsewhere.example", "x@elsewhere.example", "x@elsewhere.example/y"):
            with self.subTest(to):
                self.anna.send(f"<message to='{to}' id='away' type='chat'><body>x</body></message>")
                message = self.anna.until(CLIENT + "message")
                while message.get("id") != "away":
                    message = self.anna.until(CLIENT + "message")
                self.assertEqual(condition_of(message), ("cancel", "remote-server-not-found"))
                answer = self.anna.request("get", "<ping xmlns='urn:xmpp:ping'/>", to)
                self.assertEqual(condition_of(answer), ("cancel", "remote-server-not-found"))

    def test_8_3_the_server_answers_for_itself(self):
        self.assertEqual(self.anna.request("get", "<ping xmlns='urn:xmpp:ping'/>", DOMAIN).get("type"), "result")
        answer = self.anna.request("get", "<ping xmlns='urn:xmpp:ping'/>", f"{DOMAIN}/resource")
        self.assertEqual(condition_of(answer), ("cancel", "service-unavailable"))


if __name__ == "__main__":
    unittest.main()
