# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""check: what is good, and each thing made bad."""

import os
import re
import sqlite3
import unittest

from command import ALICE, CommandTest
from server import DOMAIN


class Check(CommandTest):
    def check(self, *, status):
        done = self.run_command("check")
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def config(self, old, new):
        text = self.server.config_path.read_text()
        self.assertIn(old, text)
        self.server.config_path.write_text(text.replace(old, new))

    def test_before_the_first_start(self):
        printed = self.check(status=0)
        self.assertNotIn("fail", printed)
        self.assertRegex(printed, r"(?m)^ok +certificate +is for example\.org$")
        self.assertRegex(printed, r"(?m)^warn +data folder +.* is not there yet")
        self.assertRegex(printed, rf"(?m)^ok +port +c2s 127\.0\.0\.1:{self.server.port} is free$")
        self.assertRegex(printed, rf"(?m)^note +dns +_xmpp-client\._tcp\.{re.escape(DOMAIN)}\. 3600 IN SRV 5 0 "
                                  rf"{self.server.port} ")
        self.assertFalse((self.server.folder / "data").exists())

    def test_beside_a_running_server(self):
        self.server.start()
        printed = self.check(status=0)
        self.assertRegex(printed, r"(?m)^ok +server +running$")
        self.assertRegex(printed, rf"(?m)^ok +port +c2s 127\.0\.0\.1:{self.server.port} is served by the running server$")
        self.assertRegex(printed, r"(?m)^ok +store +open in the running server$")

    def test_behind_a_stopped_one(self):
        self.add(ALICE)
        before = {file.name: file.read_bytes() for file in (self.server.folder / "data").iterdir()}
        printed = self.check(status=0)
        self.assertRegex(printed, r"(?m)^ok +store +main\.db has version \d+$")
        self.assertRegex(printed, r"(?m)^ok +store +not in use$")
        after = {file.name: file.read_bytes() for file in (self.server.folder / "data").iterdir()}
        self.assertEqual(before, {name: after[name] for name in before}, "check changes nothing")

    def test_a_port_that_is_taken(self):
        self.server.start()
        self.config(f'data_dir = "{self.server.folder}/data"', f'data_dir = "{self.server.folder}/other"')
        self.assertRegex(self.check(status=1), r"(?m)^fail +port +c2s .* is taken by another program")

    def test_certificates(self):
        self.config(f'domain = "{DOMAIN}"', 'domain = "example.net"')
        self.assertRegex(self.check(status=1), r"(?m)^fail +certificate +is not for example\.net")
        (self.server.folder / "key.pem").unlink()
        self.assertRegex(self.check(status=1), r"(?m)^fail +certificate +cannot read .*key\.pem")

    def test_a_folder_open_to_others(self):
        self.add(ALICE)
        os.chmod(self.server.folder / "data", 0o755)
        self.assertRegex(self.check(status=0), r"(?m)^warn +data folder +.*chmod 700")

    def test_a_store_of_a_newer_version(self):
        self.add(ALICE)
        with sqlite3.connect(self.server.folder / "data/log.db") as database:
            database.execute("PRAGMA user_version=99")
        database.close()
        self.assertRegex(self.check(status=1), r"(?m)^fail +store +.*log\.db has version 99")
        self.fails("user", "list", says="version 99")

    def test_a_broken_store(self):
        self.add(ALICE)
        (self.server.folder / "data/main.db").write_bytes(b"no database" * 100)
        self.assertRegex(self.check(status=1), r"(?m)^fail +store +.*main\.db")


if __name__ == "__main__":
    unittest.main()
