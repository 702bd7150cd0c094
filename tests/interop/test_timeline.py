# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What became of a message: errors that answer it later (DELIVERY.md rule 9), and the request that tells its own
account all of it (rule 17, shared/README.md)."""

import unittest

from raw import CLIENT, RawClient
from server import DOMAIN, Server

TIMELINE = "{urn:godwit:timeline:0}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
ANNA, BELA = f"anna@{DOMAIN}", f"bela@{DOMAIN}"


class Books(unittest.TestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela"]).start()
        self.addCleanup(self.server.remove)
        self.anna = self.client("anna")
        self.bela = self.client("bela", "phone")

    def client(self, user, resource="raw"):
        client = RawClient(self.server, user, resource).bind()
        self.addCleanup(client.socket.close)
        client.enable()
        return client

    def exchange(self, body="hello"):
        """Anna sends, Bela's phone has and proves it; its stanza-id there."""
        self.anna.message(BELA, body, origin=body)
        self.bela.presence()
        _, stanza_id = self.bela.bodies(1)[0]
        self.bela.ack()
        self.bela.request_ack()
        return stanza_id

    def refuse(self, client, to, message="hello"):
        """What a client says that cannot show a message."""
        client.send(f"<message to='{to}' type='error' id='{message}'><error type='cancel'>"
                    "<not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>")
        client.request_ack()

    def error(self, client):
        """The next message of `client`, which has to be an error: (id, condition, stanza-id)."""
        message = client.until(CLIENT + "message")
        self.assertEqual(message.get("type"), "error")
        condition = message.find(CLIENT + "error")[0].tag.removeprefix(ERRORS)
        return message.get("id"), condition, client.stanza_id(message)

    def ask(self, client, attributes):
        client.send(f"<iq type='get' id='ask'><message xmlns='urn:godwit:timeline:0' {attributes}/></iq>")
        while True:
            answer = client.until(CLIENT + "iq")
            if answer.get("id") == "ask":
                found = answer.find(TIMELINE + "message")
                return answer if answer.get("type") == "error" else found

    def condition(self, stanza):
        self.assertEqual(stanza.get("type"), "error")
        return stanza.find(CLIENT + "error")[0].tag.removeprefix(ERRORS)

    # Rule 9

    def test_an_error_after_acceptance_is_kept_until_a_device_of_the_sender_has_it(self):
        """Rule 9, with the sender away and the server killed in between."""
        self.exchange()
        self.anna.close()
        self.refuse(self.bela, ANNA + "/raw")
        self.server.kill()
        self.server.start()
        anna = self.client("anna", "other").presence()
        name, condition, stanza_id = self.error(anna)
        self.assertEqual([name, condition], ["hello", "not-acceptable"])
        self.assertTrue(stanza_id)
        anna.ack()
        anna.request_ack()
        anna.close()
        again = self.client("anna", "third").presence()
        self.client("bela", "last").message(ANNA, "next", origin="next")
        self.assertEqual(again.bodies(1)[0][0], "next")

    def test_it_reaches_the_sender_once_however_many_devices_refuse(self):
        """Rule 9: once, over a restart too."""
        tablet = self.client("bela", "tablet").presence()
        self.exchange()
        tablet.bodies(1)
        self.anna.presence()
        self.refuse(self.bela, ANNA + "/raw")
        self.assertEqual(self.error(self.anna)[:2], ("hello", "not-acceptable"))
        self.anna.ack()
        self.anna.request_ack()
        self.refuse(tablet, ANNA + "/raw")
        self.server.stop()
        self.server.start()
        bela, anna = self.client("bela", "tablet"), self.client("anna").presence()
        self.refuse(bela, ANNA + "/raw")
        bela.message(ANNA, "next", origin="next")
        self.assertEqual(anna.bodies(1)[0][0], "next")

    def test_an_error_that_answers_nothing_is_not_kept(self):
        self.exchange()
        self.anna.close()
        self.refuse(self.bela, ANNA + "/raw", message="never sent")
        anna = self.client("anna", "other").presence()
        self.bela.message(ANNA, "next", origin="next")
        self.assertEqual(anna.bodies(1)[0][0], "next")
        # To a session that is there it goes as ever (RFC 6121 §8.5.3.1).
        self.refuse(self.bela, ANNA + "/other", message="never sent")
        self.assertEqual(self.error(anna), ("never sent", "not-acceptable", None))

    def test_a_message_that_no_archive_has_is_answered_too(self):
        self.anna.send("<iq type='set' id='p'><prefs xmlns='urn:xmpp:mam:2' default='never'/></iq>")
        self.anna.until(CLIENT + "iq")
        self.exchange("private")
        self.anna.close()
        self.refuse(self.bela, ANNA, message="private")
        self.assertEqual(self.error(self.client("anna", "other").presence())[0], "private")

    # Rule 17

    def test_the_recipient_sees_which_of_its_devices_have_it(self):
        stanza_id = self.exchange()
        told = self.ask(self.bela, f"id='{stanza_id}'")
        self.assertEqual([told.get(name) for name in ("id", "direction", "with", "archived", "pending")],
                         [stanza_id, "received", ANNA, "true", "false"])
        self.assertEqual([device.get("name") for device in told.findall(TIMELINE + "device")], ["phone"])
        self.assertGreaterEqual(told.find(TIMELINE + "device").get("proved"), told.get("stored"))

    def test_what_nobody_proved_is_pending(self):
        self.anna.message(BELA, "waits", origin="waits")
        self.anna.acked(1)
        told = self.ask(self.bela, f"origin-id='waits' with='{ANNA}'")
        self.assertEqual([told.get("pending"), len(told)], ["true", 0])

    def test_the_sender_sees_that_it_is_stored_and_what_answered_it_but_no_device_of_the_other(self):
        self.exchange()
        self.refuse(self.bela, ANNA + "/raw")
        told = self.ask(self.anna, "origin-id='hello'")
        self.assertEqual([told.get(name) for name in ("direction", "with", "archived", "pending")],
                         ["sent", BELA, "true", None])
        self.assertEqual(told.findall(TIMELINE + "device"), [])
        self.assertEqual([error.get("condition") for error in told.findall(TIMELINE + "error")], ["not-acceptable"])
        self.assertIsNotNone(self.ask(self.anna, f"id='{told.get('id')}'"))

    def test_what_is_not_there_or_not_ones_own(self):
        stanza_id = self.exchange()
        self.assertEqual(self.condition(self.ask(self.anna, f"id='{stanza_id}'")), "item-not-found")
        self.assertEqual(self.condition(self.ask(self.anna, "origin-id='unheard'")), "item-not-found")
        self.assertEqual(self.condition(self.ask(self.anna, "origin-id='hello' with='@'")), "jid-malformed")
        self.assertEqual(self.condition(self.ask(self.anna, "")), "bad-request")
        self.anna.send(f"<iq type='get' id='f' to='{BELA}'><message xmlns='urn:godwit:timeline:0' id='{stanza_id}'/></iq>")
        self.assertEqual(self.condition(self.anna.until(CLIENT + "iq")), "forbidden")


if __name__ == "__main__":
    unittest.main()
