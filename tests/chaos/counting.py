# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A client that counts: what it sent, what of it was accepted, and under which ids it saw what it received."""

import threading

from raw import CLIENT, SM, Closed, RawClient
from server import DOMAIN


class CountingClient:
    def __init__(self, server, user, peer, wire=RawClient):
        self.server = server
        self.wire = wire
        self.user = user
        self.peer = peer
        self.sent = []          # bodies, in order
        self.accepted = 0       # how many of them the server acknowledged
        self.received = {}      # body -> stanza-id, of every message that came
        self.copies = 0         # how many came more than once
        self.faults = []
        self.proves = True      # whether it acknowledges what it gets
        self.changed = threading.Condition()
        self.client = None

    def connect(self):
        """A fresh login. What was not accepted goes out again, with the same origin-ids and in the same order."""
        self.client = self.wire(self.server, self.user).bind()
        self.client.enable()
        self.first = self.accepted
        for body in self.sent[self.first:]:
            self._send(body)
        self.client.presence()
        self.presence_at = len(self.sent) - self.first + 1
        self.reader = threading.Thread(target=self._read, args=(self.client,))
        self.reader.start()

    def say(self):
        body = f"{self.user}-{len(self.sent)}"
        self.sent.append(body)
        self._send(body)

    def _send(self, body):
        self.client.message(f"{self.peer}@{DOMAIN}", body, origin=body)
        self.client.send("<r xmlns='urn:xmpp:sm:3'/>")

    def _read(self, client):
        try:
            while True:
                self._take(client, client.read())
        except (Closed, OSError):
            pass

    def _take(self, client, element):
        with self.changed:
            if element.tag == SM + "a":
                handled = int(element.get("h"))
                self.accepted = max(self.accepted, self.first + handled - (handled >= self.presence_at))
            elif element.tag == CLIENT + "message" and element.get("type") == "error":
                self.faults.append("bounced: " + str(element.get("id")))
            elif element.tag == CLIENT + "message" and element.findtext(CLIENT + "body"):
                self._book(element.findtext(CLIENT + "body"), client.stanza_id(element))
                if self.proves:
                    client.ack()
            self.changed.notify_all()

    def _book(self, body, stanza_id):
        if body not in self.received:
            self.received[body] = stanza_id
            return
        self.copies += 1
        if self.received[body] != stanza_id:
            self.faults.append(f"{body} came under two ids")

    def wait(self, condition, seconds=60):
        with self.changed:
            assert self.changed.wait_for(condition, seconds), \
                f"{self.user}: {self.accepted} of {len(self.sent)} accepted, {len(self.received)} received"

    def drop(self):
        """The connection is gone."""
        self.client.tear()
        self.reader.join()


def archive(server, user):
    """(stanza-id, sender, body) of the whole archive of an account, oldest first."""
    client = RawClient(server, user, "archive").bind()
    found, after = [], ""
    while True:
        client.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'>"
                    f"<set xmlns='http://jabber.org/protocol/rsm'><max>100</max>{after}</set></query></iq>")
        while True:
            stanza = client.read()
            if stanza.tag == CLIENT + "iq" and stanza.get("id") == "q":
                break
            result = stanza.find("{urn:xmpp:mam:2}result")
            if result is not None:
                message = result.find(f".//{CLIENT}message")
                found.append((result.get("id"), message.get("from").split("@")[0], message.findtext(CLIENT + "body")))
        fin = stanza.find("{urn:xmpp:mam:2}fin")
        if fin.get("complete") == "true":
            client.close()
            return found
        after = f"<after>{fin.findtext('.//{http://jabber.org/protocol/rsm}last')}</after>"
