# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The second implementation of the compact wire (compact/) against the real server."""

import asyncio
import os
import pathlib
import time
import unittest

from client import Client
from compactwire import CompactClient
from raw import CLIENT, SM, RawClient
from server import DOMAIN, PASSWORD, Server
from websocket import PING, frame

FOLDER = pathlib.Path(__file__).parent / "compact"


class Compact(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela"], config="[limits]\nshards = 2\nack_request_interval = \"10 ms\"\n").start()
        self.addCleanup(self.server.remove)

    async def node(self, script, *arguments):
        """Starts a script of compact/ as anna, on the compact wire."""
        return await asyncio.create_subprocess_exec(
            "node", "--experimental-websocket", "--test-reporter=spec", script,
            f"ws://127.0.0.1:{self.server.http_port}/xmpp-websocket", f"anna@{DOMAIN}", PASSWORD, f"bela@{DOMAIN}",
            *arguments, cwd=FOLDER, env={**os.environ, "NODE_NO_WARNINGS": "1"}, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)

    async def finish(self, process):
        """The lines that it printed, once it has ended well."""
        output, _ = await asyncio.wait_for(process.communicate(), 120)
        self.assertEqual(0, process.returncode, output.decode() + self.server.log())
        return output.decode().splitlines()

    async def test_two_clients_chat_and_resume(self):
        await self.finish(await self.node("session.mjs", PASSWORD))

    def pair(self):
        """anna on TCP, and bela on the compact wire, who has read and acknowledged all that there was."""
        anna, bela = RawClient(self.server, "anna").bind(), CompactClient(self.server, "bela").bind()
        for client in (anna, bela):
            self.addCleanup(client.socket.close)
            client.previous = client.enable()
        bela.presence().until(CLIENT + "presence")
        self.acknowledge(bela)
        return anna, bela

    def acknowledge(self, client):
        """All that it read."""
        client.ack()
        client.request_ack()
        # Longer than ack_request_interval: so the next stanza has a request behind it, and none goes alone before.
        time.sleep(0.05)

    async def test_a_request_for_an_ack_shares_the_message_of_its_stanza(self):
        """Rule 2, as far as the server is the sender, whatever the size of the stanza."""
        anna, bela = self.pair()
        for body in ("short", "long " * 6_000):
            anna.message(bela.jid, body, origin=body[:5])
            shared = bela.read_message()
            self.assertEqual([one.tag for one in shared], [CLIENT + "message", SM + "r"])
            self.assertEqual(shared[0].findtext(CLIENT + "body"), body)
            bela.handled += 1
            self.acknowledge(bela)

    async def test_what_a_resumption_brings_comes_in_one_message(self):
        """<resumed/>, what was not handled, and a request for an ack."""
        anna, bela = self.pair()
        handled = bela.handled
        for number in range(50):
            anna.message(bela.jid, f"missed {number}", origin=f"missed-{number}")
        bela.bodies(50)
        bela.tear()
        back = CompactClient(self.server, "bela")
        self.addCleanup(back.socket.close)
        back.send(f"<resume xmlns='urn:xmpp:sm:3' previd='{bela.previous}' h='{handled}'/>")
        self.assertEqual([one.tag for one in back.read_message()],
                         [SM + "resumed", *[CLIENT + "message"] * 50, SM + "r"])

    async def test_pings_that_are_not_read_take_nothing_of_the_stream(self):
        """Their answers are left out while too much waits; what is said besides comes whole."""
        bela = CompactClient(self.server, "bela").bind()
        self.addCleanup(bela.socket.close)
        flood = frame(b"x" * 125, PING) * 4_000
        wanted = [f"between-{number}" for number in range(60)]
        for name in wanted:
            bela.socket.sendall(flood)
            bela.send(f"<iq type='get' id='{name}' to='{DOMAIN}'><ping xmlns='urn:xmpp:ping'/></iq>")
        self.assertEqual([bela.until(CLIENT + "iq").get("id") for _ in wanted], wanted)

    async def test_chats_with_a_client_on_tcp(self):
        bela = await Client(self.server, "bela", "tcp").log_in()
        anna = await self.node("chat.mjs")
        said = ["Ünïcode \U0001F426 <&>", "during the cut", "that is all"]
        heard = ["hello from the compact wire", *(words.upper() for words in said)]
        await bela.until_bodies(heard[:1])
        for number, words in enumerate(said, 2):
            bela.send_message(f"anna@{DOMAIN}", words, mtype="chat")
            await bela.until_bodies(heard[:number])
        self.assertEqual([said[0], "resumed", *said[1:]], await self.finish(anna))
        await bela.log_out()


if __name__ == "__main__":
    unittest.main()
