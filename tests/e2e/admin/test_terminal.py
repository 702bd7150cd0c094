# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""What is asked on a terminal: passwords twice and unseen, and whether to remove."""

import os
import pty
import select
import signal
import subprocess
import termios
import time
import unittest

from command import ALICE, CommandTest
from server import PASSWORD, find_godwitd


class Terminal:
    """A command on a terminal of its own, and the person at it."""

    def __init__(self, server, *words):
        self.side, terminal = pty.openpty()
        self.process = subprocess.Popen([find_godwitd(), "--config", server.config_path, *words], stdin=terminal,
                                        stdout=terminal, stderr=terminal, start_new_session=True)
        self.terminal = terminal
        self.seen = b""

    def until(self, words):
        deadline = time.monotonic() + 20
        while words not in self.seen:
            ready, _, _ = select.select([self.side], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise AssertionError(f"{words} was not printed: {self.seen}")
            self.seen += os.read(self.side, 4096)

    def say(self, words):
        os.write(self.side, words)

    def echoes(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def hidden(self):
        """Until the terminal shows no more what is typed."""
        deadline = time.monotonic() + 20
        while self.echoes():
            if time.monotonic() > deadline:
                raise AssertionError("the terminal shows what is typed")
            os.sched_yield()

    def end(self):
        status = self.process.wait(timeout=20)
        while select.select([self.side], [], [], 0)[0]:
            self.seen += os.read(self.side, 4096)
        shows = self.echoes()
        os.close(self.side)
        os.close(self.terminal)
        return status, self.seen, shows


class OnATerminal(CommandTest):
    def ask(self, first, second):
        terminal = Terminal(self.server, "user", "add", ALICE)
        for prompt, answer in ((b"Password: ", first), (b"Once more: ", second)):
            terminal.until(prompt)
            terminal.hidden()
            terminal.say(answer.encode() + b"\n")
        return terminal.end()

    def test_password_twice_and_unseen(self):
        status, seen, shows = self.ask(PASSWORD, PASSWORD)
        self.assertEqual(status, 0, seen)
        self.assertNotIn(PASSWORD.encode(), seen)
        self.assertTrue(shows)
        self.server.start()
        self.assertTrue(self.can_log_in("alice"))

    def test_two_passwords_that_differ(self):
        status, seen, shows = self.ask("one", "two")
        self.assertEqual(status, 1)
        self.assertIn(b"not the same", seen)
        self.assertTrue(shows)

    def test_interrupted(self):
        terminal = Terminal(self.server, "user", "add", ALICE)
        terminal.until(b"Password: ")
        terminal.hidden()
        terminal.process.send_signal(signal.SIGINT)
        status, _, shows = terminal.end()
        self.assertEqual(status, -signal.SIGINT)
        self.assertTrue(shows, "the terminal is as it was")

    def test_removal_is_asked_for(self):
        self.add(ALICE)
        for answer, status, left in ((b"n\n", 1, [ALICE]), (b"\n", 1, [ALICE]), (b"y\n", 0, [])):
            terminal = Terminal(self.server, "user", "remove", ALICE)
            terminal.until(b"[y/N] ")
            terminal.say(answer)
            self.assertEqual(terminal.end()[0], status)
            self.assertEqual(self.listed(), left)


if __name__ == "__main__":
    unittest.main()
