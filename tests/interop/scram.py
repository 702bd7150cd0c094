# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The client's side of SCRAM (RFC 5802, RFC 7677) with channel binding, which slixmpp cannot do on this Python."""

import base64
import hashlib
import hmac
import secrets

from raw import RawStream


def end_point(stream):
    """tls-server-end-point (RFC 5929 §4) of a certificate that is signed with SHA-256."""
    return hashlib.sha256(stream.socket.getpeercert(binary_form=True)).digest()


class Scram:
    """One exchange; the tests change what they want to be wrong."""

    def __init__(self, user, password, digest, binding=None, flag=None):
        self.password = password.encode()
        self.digest = digest
        self.binding = binding or b""
        self.flag = flag or ("p=tls-server-end-point" if binding else "n")
        self.nonce = secrets.token_hex(12)
        self.bare = f"n={user},r={self.nonce}"

    def first(self):
        return f"{self.flag},,{self.bare}".encode()

    def final(self, challenge):
        server_first = base64.b64decode(challenge).decode()
        fields = dict(part.split("=", 1) for part in server_first.split(","))
        assert fields["r"].startswith(self.nonce), server_first
        salted = hashlib.pbkdf2_hmac(self.digest, self.password, base64.b64decode(fields["s"]), int(fields["i"]))
        client_key = self._mac(salted, b"Client Key")
        bound = base64.b64encode(f"{self.flag},,".encode() + self.binding).decode()
        without_proof = f"c={bound},r={fields['r']}"
        signed = f"{self.bare},{server_first},{without_proof}".encode()
        signature = self._mac(hashlib.new(self.digest, client_key).digest(), signed)
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(client_key, signature))).decode()
        self.expected = b"v=" + base64.b64encode(self._mac(self._mac(salted, b"Server Key"), signed))
        return f"{without_proof},p={proof}".encode()

    def _mac(self, key, text):
        return hmac.new(key, text, self.digest).digest()


def log_in(stream: RawStream, mechanism, exchange):
    """The last answer of the server: <success/>, whose signature was checked, or <failure/>."""
    answer = stream.authenticate(mechanism, exchange.first())
    if answer.tag.endswith("failure"):
        return answer
    response = base64.b64encode(exchange.final(answer.text)).decode()
    stream.send(f"<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{response}</response>")
    answer = stream.read()
    if answer.tag.endswith("success"):
        assert base64.b64decode(answer.text) == exchange.expected, "the server does not know the password"
    return answer
