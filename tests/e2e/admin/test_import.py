# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""user import: good lines, bad lines, accounts that exist; out of a file and a pipe."""

import unittest

from command import ALICE, BOB, CommandTest
from server import DOMAIN, PASSWORD


class Import:
    def test_file_and_pipe(self):
        users = [f"user{number}@{DOMAIN}" for number in range(150)]
        text = "# accounts\n\n" + "".join(f"{user}\t{PASSWORD}\r\n" for user in users)
        file = self.server.folder / "users"
        file.write_text(text)
        printed = self.ok("user", "import", str(file))
        self.assertRegex(printed, r"^150 accounts made in .* 0 existed and were skipped, 0 bad lines\n$")
        self.assertEqual(self.listed(), sorted(users))
        printed = self.ok("user", "import", "-", text=f"{ALICE} {PASSWORD}")
        self.assertRegex(printed, r"^1 accounts made")

    def test_bad_lines_do_not_stop_the_rest(self):
        lines = [f"{ALICE} {PASSWORD}", "hush", f"alice@elsewhere.org {PASSWORD}", f"{BOB} hu\x07sh",
                 f"carol@{DOMAIN} {PASSWORD}"]
        done = self.run_command("user", "import", "-", text="\n".join(lines))
        self.assertEqual(done.returncode, 1)
        self.assertEqual([line.split(":")[0] for line in done.stderr.splitlines()],
                         ["line 2", "line 3", "line 4", "godwitd"])
        self.assertNotIn("hush", done.stderr + done.stdout)
        self.assertIn("2 accounts made", done.stdout)
        self.assertIn("3 bad lines", done.stdout)
        self.assertEqual(self.listed(), [ALICE, f"carol@{DOMAIN}"])

    def test_existing_accounts_are_skipped_or_changed(self):
        self.add(ALICE)
        done = self.run_command("user", "import", "-", text=f"{ALICE} other\n{BOB} first\n{BOB} second\n")
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"line 1: {ALICE} exists, skipped", done.stderr)
        self.assertIn(f"line 3: {BOB} exists, skipped", done.stderr)
        self.assertIn("1 accounts made", done.stdout)
        done = self.run_command("user", "import", "-", "--replace", text=f"{ALICE} other\n{BOB} {PASSWORD}\n")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("2 accounts made or changed", done.stdout)
        self.check_logins(alice=False, bob=True)

    def test_progress(self):
        text = "".join(f"# {number}\n" for number in range(2_000)) + f"{ALICE} {PASSWORD}\n"
        done = self.run_command("user", "import", "-", text=text)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"^2001 lines, 1 accounts, ")

    def test_wrong_input(self):
        self.fails("user", "import", "/does/not/exist", says="cannot read")
        self.fails("user", "import", str(self.server.folder), says="ended early")
        self.assertIn("0 accounts made", self.ok("user", "import", "-", text=""))


class WithoutServer(Import, CommandTest):
    def check_logins(self, **expected):
        self.server.start()
        for user, can in expected.items():
            self.assertEqual(self.can_log_in(user), can, user)


class WithServer(Import, CommandTest):
    def setUp(self):
        super().setUp()
        self.server.start()

    def check_logins(self, **expected):
        for user, can in expected.items():
            self.assertEqual(self.can_log_in(user), can, user)


if __name__ == "__main__":
    unittest.main()
