# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The archive, page by page (XEP-0313, XEP-0059), and what proving its results does (DELIVERY.md rule 13)."""

import unittest

from raw import CLIENT, RawClient
from server import DOMAIN, Server

MAM = "{urn:xmpp:mam:2}"
RSM = "{http://jabber.org/protocol/rsm}"


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(users=["anna", "bela", "cleo"]).start()
        sender = RawClient(cls.server, "bela").bind()
        sender.enable()
        cls.bodies = [f"page {i}" for i in range(25)]
        for body in cls.bodies:
            sender.message(f"anna@{DOMAIN}", body, origin=body)
        sender.acked(len(cls.bodies))
        sender.close()

    @classmethod
    def tearDownClass(cls):
        cls.server.remove()

    def setUp(self):
        self.anna = RawClient(self.server, "anna", self.id()).bind()
        self.anna.enable()
        self.addCleanup(self.anna.close)

    def query(self, page="", fields="", client=None):
        """(results as (id, body), fin or the error)."""
        client = client or self.anna
        client.send(f"<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2' queryid='x'>"
                    f"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>"
                    f"{fields}</x><set xmlns='http://jabber.org/protocol/rsm'>{page}</set></query></iq>")
        results = []
        while True:
            stanza = client.read()
            if stanza.tag == CLIENT + "iq" and stanza.get("id") == "q":
                fin = stanza.find(MAM + "fin")
                return results, stanza if fin is None else fin
            result = stanza.find(MAM + "result")
            if result is not None:
                results.append((result.get("id"), result.findtext(f".//{CLIENT}body")))

    def test_forward_in_pages(self):
        found, after = [], ""
        while True:
            page, fin = self.query(f"<max>10</max>{after}")
            found += page
            if fin.get("complete") == "true":
                break
            after = f"<after>{fin.findtext(f'.//{RSM}last')}</after>"
        self.assertEqual([body for _, body in found], self.bodies)

    def test_backward_in_pages(self):
        found, before = [], "<before/>"
        while True:
            page, fin = self.query(f"<max>10</max>{before}")
            found = page + found
            if fin.get("complete") == "true":
                break
            before = f"<before>{fin.findtext(f'.//{RSM}first')}</before>"
        self.assertEqual([body for _, body in found], self.bodies)

    def test_an_id_that_never_was_is_not_found(self):
        _, error = self.query("<max>1</max><after>AAAAAAAAAAAAAAAAAAAAAA</after>")
        self.assertIsNotNone(error.find(f".//{{urn:ietf:params:xml:ns:xmpp-stanzas}}item-not-found"))

    def test_with_somebody_else_is_empty(self):
        page, fin = self.query(fields=f"<field var='with'><value>cleo@{DOMAIN}</value></field>")
        self.assertEqual(page, [])
        self.assertEqual(fin.get("complete"), "true")

    def test_a_field_that_is_not_known_is_an_error(self):
        _, error = self.query(fields="<field var='{urn:example}colour'><value>blue</value></field>")
        self.assertEqual(error.get("type"), "error")

    def test_who_reads_the_archive_first_is_not_pushed_the_backlog_and_proves_by_results(self):
        """Rule 13."""
        sender = RawClient(self.server, "bela").bind()
        sender.enable()
        self.addCleanup(sender.close)
        for i in range(5):
            sender.message(f"cleo@{DOMAIN}", f"c{i}", origin=f"c{i}")
        sender.acked(5)
        cleo = RawClient(self.server, "cleo", "reads").bind()
        cleo.enable()
        page, _ = self.query(client=cleo)
        self.assertEqual([body for _, body in page], [f"c{i}" for i in range(5)])
        cleo.presence()
        sender.message(f"cleo@{DOMAIN}", "live", origin="live")
        self.assertEqual(cleo.bodies(1)[0][0], "live")
        cleo.ack()
        cleo.request_ack()
        cleo.close()
        again = RawClient(self.server, "cleo", "again").bind()
        again.enable()
        again.presence()
        self.addCleanup(again.close)
        sender.message(f"cleo@{DOMAIN}", "last", origin="last")
        self.assertEqual(again.bodies(1)[0][0], "last")


if __name__ == "__main__":
    unittest.main()
