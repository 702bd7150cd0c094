# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A BOSH client (XEP-0124, XEP-0206) that does only what it is told: each request by hand, on a connection of its own."""

import base64
import http.client
import socket
import ssl
import threading
import time
import xml.etree.ElementTree as ElementTree

from raw import CLIENT, STREAM
from server import DOMAIN, PASSWORD

BIND = "http://jabber.org/protocol/httpbind"
XBOSH = "urn:xmpp:xbosh"


class Answer(threading.Thread):
    """A request that is on its way, and what it was answered."""

    def __init__(self, session, text, secure=False):
        super().__init__(daemon=True)
        self.session = session
        self.text = text
        self.body = None
        self.status = None
        self.fields = {}
        server = session.server
        if secure:
            context = ssl.create_default_context(cafile=str(server.folder / "cert.pem"))
            context.check_hostname = False  # it is for the domain, and this is its address
            self.connection = http.client.HTTPSConnection("127.0.0.1", server.https_port, context=context, timeout=30)
        else:
            self.connection = http.client.HTTPConnection("127.0.0.1", server.http_port, timeout=30)
        self.start()

    def run(self):
        try:
            self.connection.request("POST", "/http-bind", self.text.encode(), {"Content-Type": "text/xml"})
            response = self.connection.getresponse()
            self.status = response.status
            self.fields = dict(response.getheaders())
            self.body = ElementTree.fromstring(response.read())
        except (OSError, http.client.HTTPException, ElementTree.ParseError):
            pass
        finally:
            self.connection.close()

    def get(self):
        """The body of the answer; None when the connection broke, or when it is none of BOSH."""
        self.join(30)
        assert not self.is_alive(), "no answer"
        return self.body

    def pending(self):
        return self.is_alive()

    def break_off(self):
        """The connection is lost before an answer came."""
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass  # not connected yet, or answered already
        self.join(30)


class BoshSession:
    """A session; rids are counted here, unless a request says its own."""

    secure = False  # its requests go over TLS

    def __init__(self, server, rid=1000, secure=False, **attributes):
        self.server = server
        self.secure = secure
        self.rid = rid
        self.sid = None
        defaults = {"wait": 20, "hold": 1, "ver": "1.6", "xml:lang": "en"}
        self.created = self.send("", to=DOMAIN, **{**defaults, **attributes}).get()
        self.sid = self.created.get("sid")

    def send(self, payload="", rid=None, **attributes):
        """Sends the next request, or one with that rid; returns its Answer."""
        if rid is None:
            rid = self.rid
            self.rid += 1
        attributes = {"rid": rid, "sid": self.sid, **attributes}
        words = "".join(f" {name}='{value}'" for name, value in attributes.items() if value is not None)
        return Answer(self, f"<body xmlns='{BIND}' xmlns:xmpp='{XBOSH}'{words}>{payload}</body>", self.secure)

    def until(self, answer, tag):
        """The first element with this tag in the answer, or in those that come for empty requests behind it."""
        while True:
            body = answer.get()
            assert body is not None and body.get("type") != "terminate", ElementTree.tostring(body)
            for element in body:
                if element.tag == tag:
                    return element
            if self.created.get("hold") == "0":
                time.sleep(float(self.created.get("polling")))  # what a polling client has to do
            answer = self.send()

    def log_in(self, user, resource="bosh"):
        token = base64.b64encode(f"\0{user}\0{PASSWORD}".encode()).decode()
        answer = self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{token}</auth>")
        self.until(answer, "{urn:ietf:params:xml:ns:xmpp-sasl}success")
        self.until(self.send(**{"xmpp:restart": "true"}), STREAM + "features")
        answer = self.send("<iq xmlns='jabber:client' type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                           f"<resource>{resource}</resource></bind></iq>")
        bound = self.until(answer, CLIENT + "iq")
        assert bound.get("type") == "result", ElementTree.tostring(bound)
        self.jid = bound.findtext(".//{urn:ietf:params:xml:ns:xmpp-bind}jid")
        return self

    def present(self):
        """Sends presence and returns when it came back."""
        self.until(self.send("<presence xmlns='jabber:client'/>"), CLIENT + "presence")
        return self


def message(to, body, origin=None):
    origin_id = f"<origin-id xmlns='urn:xmpp:sid:0' id='{origin}'/>" if origin else ""
    return f"<message xmlns='jabber:client' to='{to}' type='chat' id='{body}'><body>{body}</body>{origin_id}</message>"


def bodies(*answers):
    """The texts of the messages in these bodies."""
    return [one.findtext(CLIENT + "body") for body in answers for one in body.iter(CLIENT + "message")
            if one.findtext(CLIENT + "body")]
