# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The second implementation of the compact wire (compact/) against the real server."""

import asyncio
import os
import pathlib
import unittest

from client import Client
from server import DOMAIN, PASSWORD, Server

FOLDER = pathlib.Path(__file__).parent / "compact"


class Compact(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        self.server = Server(users=["anna", "bela"], config="[limits]\nshards = 2\n").start()
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
