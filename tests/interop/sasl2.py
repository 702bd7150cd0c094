# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A raw client that logs in with SASL2 (XEP-0388), and does with it what can be done in one go: Bind 2 (XEP-0386),
resumption (XEP-0198), tokens (XEP-0484)."""

import base64
import hmac
import uuid

from raw import SM, RawClient, RawStream
from server import DOMAIN, PASSWORD

SASL2 = "{urn:xmpp:sasl:2}"
BIND2 = "{urn:xmpp:bind:0}"
FAST = "{urn:xmpp:fast:0}"
CARBONS = "<enable xmlns='urn:xmpp:carbons:2'/>"
ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"
USES_TOKEN = "<fast xmlns='urn:xmpp:fast:0'/>"


def bind(*wishes, tag="raw"):
    return f"<bind xmlns='urn:xmpp:bind:0'><tag>{tag}</tag>{''.join(wishes)}</bind>"


def resume(previous, handled):
    return f"<resume xmlns='urn:xmpp:sm:3' previd='{previous}' h='{handled}'/>"


def request_token(mechanism="HT-SHA-256-NONE"):
    return f"<request-token xmlns='urn:xmpp:fast:0' mechanism='{mechanism}'/>"


def hashed(token, role, binding=b""):
    return hmac.digest(token.encode(), role + binding, "sha256")


def authenticate(mechanism, message, *inside, agent=None):
    agent = f"<user-agent id='{agent}'><software>raw</software></user-agent>" if agent else ""
    return (f"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='{mechanism}'><initial-response>"
            f"{base64.b64encode(message).decode()}</initial-response>{agent}{''.join(inside)}</authenticate>")


def by_password(user, *inside, agent=None, password=PASSWORD):
    return authenticate("PLAIN", f"\0{user}\0{password}".encode(), *inside, agent=agent)


def by_token(user, token, *inside, agent, mechanism="HT-SHA-256-NONE", binding=b""):
    return authenticate(mechanism, user.encode() + b"\0" + hashed(token, b"Initiator", binding), USES_TOKEN, *inside,
                        agent=agent)


def refusal(answer):
    """The condition of a failure of SASL2."""
    assert answer.tag == SASL2 + "failure", answer.tag
    return answer[0].tag.removeprefix("{urn:ietf:params:xml:ns:xmpp-sasl}")


class Sasl2Client(RawClient):
    """Header and <authenticate/> go out in one send, and nothing else before the answer is there."""

    def __init__(self, server, user, wire="plain", agent=None):
        RawStream.__init__(self, server, wire=wire)
        self.user = user
        self.agent = agent or str(uuid.uuid4())
        self.jid = f"{user}@{DOMAIN}"
        self.token = None
        self.previous = None

    def enter(self, text):
        """Sends it behind the header and returns <success/> or <failure/>."""
        self.header(self.opening() + text)
        self.features = self.read()
        answer = self.read()
        if answer.tag == SASL2 + "success":
            self.entered(answer)
        return answer

    def entered(self, success):
        self.full = success.findtext(SASL2 + "authorization-identifier")
        self.handled = 0
        if (token := success.find(FAST + "token")) is not None:
            self.token = token.get("token")
        if (enabled := success.find(f"{BIND2}bound/{SM}enabled")) is not None:
            self.previous = enabled.get("id")

    def by_password(self, *inside, **options):
        return self.enter(by_password(self.user, *inside, agent=self.agent, **options))

    def by_token(self, token, *inside, **options):
        return self.enter(by_token(self.user, token, *inside, agent=self.agent, **options))
