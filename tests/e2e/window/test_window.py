# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The window program as its users start it, on a real server, with `godwit --console` at the other end."""

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
import unittest

from godwitd import Godwitd
from terminal import Terminal
from wire import Wire

GODWIT = os.environ["GODWIT"]
# No display, no GPU, nothing of the person who runs the tests.
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
             "DBUS_SESSION_BUS_ADDRESS": "disabled:"}


def run(*arguments, **more):
    return subprocess.run([GODWIT, *arguments], capture_output=True, text=True, timeout=30, check=False,
                          env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8", **more})


class CommandLine(unittest.TestCase):
    """None of these needs a display."""

    def test_help_and_version(self):
        for option in ("--help", "--version"):
            done = run(option)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("godwit", done.stdout)

    def test_faults_are_told_with_status_2(self):
        for words, arguments in {
            "Unknown option": ["--no-such-option"],
            "Unexpected argument": ["stray"],
            "needs an address": ["--account", "nobody"],
            "GODWIT_PASSWORD": ["--account", "a@example.org"],
            "cannot be read": ["--account", "a@example.org", "--password-file", "/nonexistent/file"],
            "a host and a port": ["--account", "a@example.org", "--server", "no-port"],
            "--wire takes auto": ["--wire", "pigeon"],
            "go with --account": ["--server", "localhost:5222"],
            "sample account": ["--offline", "--account", "a@example.org"],
            "need addresses": ["--console", "nobody"],
        }.items():
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stdout), (2, ""), arguments)
            self.assertIn(words, done.stderr)

    def test_no_display(self):
        done = run("--offline")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no display", done.stderr)


class Window(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="godwit-window-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = Godwitd(self.folder, os.environ["GODWITD"])
        self.server.add_user("alice", "secret-a")
        self.server.add_user("bob", "secret-b")
        self.server.start()
        self.addCleanup(self.server.stop)

    def terminal(self, name, peer):
        terminal = Terminal(GODWIT, f"{self.folder}/{name}", self.server.address, f"{name}@localhost",
                            f"secret-{name[0]}", f"{peer}@localhost")
        self.addCleanup(lambda: terminal.process.poll() is None and terminal.kill())
        terminal.wait_for("^synced")
        return terminal

    def window(self, server=None):
        with open(f"{self.folder}/password", "w", encoding="utf-8") as file:
            file.write("secret-a\n")
        window = subprocess.Popen(
            [GODWIT, "--account", "alice@localhost", "--password-file", f"{self.folder}/password", "--server",
             server or self.server.address, "--allow-plaintext", "--data-dir", f"{self.folder}/alice"],
            env={**OFFSCREEN, "HOME": self.folder}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.addCleanup(window.stdout.close)
        self.addCleanup(window.wait)
        self.addCleanup(window.kill)
        return window

    def test_receives_and_ends_well(self):
        # Alice has talked with bob before, so he may learn that messages arrive.
        self.assertEqual(self.terminal("alice", "bob").end_input(), 0)
        bob = self.terminal("bob", "alice")
        # What comes while nobody is there is news to whoever comes, and is confirmed.
        bob.say("to the window")
        bob.wait_for("^own 1 accepted")
        first = self.window()
        bob.wait_for("^own 1 delivered")
        first.send_signal(signal.SIGTERM)
        self.assertEqual(first.wait(20), 0)
        self.assertEqual(first.stdout.read(), b"")
        # The account is on this device now, and is signed in to again.
        bob.say("to the second window")
        bob.wait_for("^own 2 accepted")
        second = self.window()
        bob.wait_for("^own 2 delivered")
        second.send_signal(signal.SIGTERM)
        self.assertEqual(second.wait(20), 0)

    def test_signs_in_by_token_from_the_second_start_on(self):
        line = Wire(self.server.address)
        path = f"{self.folder}/alice/passwords.json"

        def secrets():
            if not os.path.exists(path):
                return {}
            with open(path, encoding="utf-8") as file:
                return json.load(file)

        for turn in range(1, 4):
            window = self.window(line.address)
            deadline = time.monotonic() + 30
            while line.received.count(b"</success>") < turn or len(secrets()) < 2:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
            window.send_signal(signal.SIGTERM)
            self.assertEqual(window.wait(20), 0)
        ways = re.findall(rb'<authenticate [^>]*mechanism="([A-Z]+)-', line.sent)
        self.assertEqual(ways, [b"SCRAM", b"HT", b"HT"])
        self.assertEqual(set(secrets()), {"alice@localhost", "alice@localhost/token"})
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), stat.S_IRUSR | stat.S_IWUSR)

    def test_keyboard_alone(self):
        bob = self.terminal("bob", "alice")
        walk = subprocess.Popen([os.environ["GODWIT_WALK"]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env={**OFFSCREEN, "HOME": self.folder, "GODWIT_SERVER": self.server.address})
        self.addCleanup(walk.stdout.close)
        self.addCleanup(walk.kill)
        try:
            bob.wait_for("^in .*written in the window$")
            bob.say("written by bob")
            bob.wait_for(r"^own \d+ read")
            bob.say("goodbye")
        finally:
            output = walk.communicate(timeout=60)[0]
        self.assertEqual(walk.returncode, 0, output)


if __name__ == "__main__":
    unittest.main()
