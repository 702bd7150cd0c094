# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""init, config, help, user add, passwd, remove, list and status: with a running server, without one, and wrongly used."""

import fcntl
import os
import pathlib
import signal
import stat
import subprocess
import tempfile
import tomllib
import unittest
import unittest.mock

from command import ALICE, BOB, CommandTest, godwitd
from raw import Closed
from server import DOMAIN, PASSWORD, find_godwitd


class Words(unittest.TestCase):
    def test_version_and_help(self):
        version = godwitd("--version")
        self.assertEqual(version.returncode, 0)
        self.assertRegex(version.stdout, r"^godwitd \d+\.\d+\.\d+\n$")
        for words in (["--help"], ["help"], ["help", "user", "import"], ["trace", "--help"]):
            done = godwitd(*words)
            self.assertEqual((done.returncode, done.stderr), (0, ""), words)
            self.assertIn("Usage: godwitd", done.stdout)

    def test_wrong_usage(self):
        for words in ([], ["srve"], ["user"], ["user", "add"], ["status", "x"], ["serve", "--yes"], ["--config"]):
            done = godwitd(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertIn("godwitd help", done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1)

    def test_the_printed_configuration_is_one(self):
        for words, domain in (([], None), (["example.org"], "example.org"), (["Example.ORG."], "example.org")):
            printed = godwitd("config", *words)
            self.assertEqual((printed.returncode, printed.stderr), (0, ""))
            self.assertEqual(tomllib.loads(printed.stdout).get("domain"), domain)
        self.assertEqual(godwitd("config", "no domain").returncode, 2)

    def test_mistakes_in_the_configuration_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "bad.toml")
            file.write_text('domain = "example.org"\n[tls]\nrequire = "yes"\n')
            for command in (["serve"], ["user", "list"], ["status"]):
                done = godwitd("--config", str(file), *command)
                self.assertEqual(done.returncode, 1, command)
                self.assertIn(f"{file}:3: tls.require", done.stderr)
            done = godwitd("-c", str(file), "check")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"{file}:3: tls.require", done.stdout)
            done = godwitd("-c", folder + "/none.toml", "status")
            self.assertEqual(done.returncode, 1)
            self.assertIn("cannot read the configuration", done.stderr)


class Init(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {name: value for name, value in os.environ.items() if name != "GODWITD_CONFIG"}

    def godwitd(self, *words, text=""):
        return godwitd(*words, text=text, cwd=self.folder, env=self.environment)

    def test_makes_what_the_other_commands_find(self):
        self.assertEqual(self.godwitd("init", DOMAIN.upper()).returncode, 0)
        self.assertEqual(stat.S_IMODE((self.folder / "godwit-data").stat().st_mode), 0o700)
        self.assertEqual(tomllib.loads((self.folder / "godwitd.toml").read_text())["domain"], DOMAIN)
        self.assertEqual(self.godwitd("user", "add", ALICE, text="secret").returncode, 0)
        self.assertIn(ALICE, self.godwitd("user", "list").stdout)

    def test_never_overwrites(self):
        self.assertEqual(self.godwitd("init", DOMAIN, "--dir", "made").returncode, 0)
        before = (self.folder / "made/godwitd.toml").read_bytes()
        for domain, says in ((DOMAIN, "nothing is overwritten"), ("other.org", f"for the domain {DOMAIN}")):
            done = self.godwitd("init", domain, "--dir", "made")
            self.assertEqual(done.returncode, 1)
            self.assertIn(says, done.stderr)
        self.assertEqual((self.folder / "made/godwitd.toml").read_bytes(), before)

    def test_completes_what_is_missing(self):
        config = self.folder / "mine.toml"
        config.write_text(f'domain = "{DOMAIN}"\ndata_dir = "here"\n')
        done = self.godwitd("--config", "mine.toml", "init", DOMAIN)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "here").is_dir())
        self.assertEqual(config.read_text(), f'domain = "{DOMAIN}"\ndata_dir = "here"\n')

    def test_wrong_use(self):
        for words in (["init", "no domain"], ["init", DOMAIN, "--dir", "a", "--config", "b"]):
            self.assertEqual(self.godwitd(*words).returncode, 2)
        (self.folder / "file").write_text("")
        self.assertEqual(self.godwitd("init", DOMAIN, "--dir", "file").returncode, 1)
        self.assertEqual(list(self.folder.iterdir()), [self.folder / "file"])

    def test_nothing_is_made_by_accident(self):
        done = self.godwitd("user", "add", "alice@localhost", text="secret")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no configuration", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])


class Users:
    """The same with a server and without one."""

    def test_add_list_remove(self):
        self.add(BOB, ALICE)
        self.assertEqual(self.listed(), [ALICE, BOB])
        self.fails("user", "add", ALICE, text="other", says="exists")
        self.assertEqual(self.ok("user", "remove", ALICE, "--yes"), f"{ALICE} was removed\n")
        self.fails("user", "remove", ALICE, "-y", says="there is no account")
        self.assertEqual(self.listed(), [BOB])

    def test_passwords_come_from_files_too(self):
        secret = self.server.folder / "secret"
        secret.write_text(f"{PASSWORD}\nsecond line\n")
        self.ok("user", "add", ALICE, "--password-file", str(secret))
        self.fails("user", "add", BOB, "--password-file", str(secret) + "x", says="cannot read the password file")
        self.assertEqual(self.listed(), [ALICE])

    def test_wrong_input(self):
        for jid, says in ((DOMAIN, "name before the @"), (f"{ALICE}/phone", "no resource"), ("@", "no JID"),
                          ("alice@elsewhere.org", f"accounts of this server are at {DOMAIN}")):
            self.fails("user", "add", jid, text="secret", status=2, says=says)
        self.fails("user", "add", ALICE, text="", says="password is empty")
        self.fails("user", "add", ALICE, text="se\x07cret\n", says="RFC 8265")
        self.fails("user", "add", ALICE, text="x" * 10_000, says="too long")
        self.fails("user", "remove", ALICE, status=2, says="--yes")

    def test_passwd_of_nobody(self):
        self.add(BOB)
        self.fails("user", "passwd", ALICE, text="secret", says="there is no account")


class UsersWithoutServer(Users, CommandTest):
    def test_nothing_is_there_yet(self):
        for words in (["user", "list"], ["user", "remove", ALICE, "-y"], ["trace", ALICE, "id"]):
            self.fails(*words, says="there is no store")
        self.fails("user", "passwd", ALICE, text="secret", says="there is no store")
        self.fails("status", status=3, says="not running")
        self.assertFalse((self.server.folder / "data").exists())

    def test_a_store_that_is_not_built_is_not_replaced_by_another(self):
        with open(self.server.config_path, "a") as config:
            config.write('[storage]\nurl = "postgresql://localhost/godwit"\n')
        for words in (["serve"], ["user", "add", ALICE], ["user", "list"]):
            self.fails(*words, says="not built yet", text="secret")
        self.assertFalse((self.server.folder / "data").exists())

    def test_status_says_so(self):
        self.add(ALICE)
        done = self.run_command("status")
        self.assertEqual(done.returncode, 3)
        self.assertIn("not running", done.stderr)
        self.assertRegex(done.stdout, r"(?m)^state +not running$")
        self.assertRegex(done.stdout, r"(?m)^accounts +1$")
        self.assertRegex(done.stdout, r"(?m)^store main\.db +\d")

    def test_files_are_for_the_owner_alone(self):
        self.add(ALICE)
        data = self.server.folder / "data"
        self.assertEqual(stat.S_IMODE(data.stat().st_mode), 0o700)
        for file in data.iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0, file)

    def test_a_store_in_use_is_left_alone(self):
        self.add(ALICE)
        with open(self.server.folder / "data/lock", "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.fails("user", "list", says="in use by another godwitd")
        self.assertEqual(self.listed(), [ALICE])

    @unittest.skipUnless(os.geteuid() == 0, "only root works for others")
    def test_root_works_as_the_owner_of_the_folder(self):
        data = self.server.folder / "data"
        data.mkdir(mode=0o700)
        os.chown(data, 4321, 4321)
        os.chmod(self.server.folder, 0o755)
        # A process that gave up root may not be traced, which the leak check of a sanitizer build wants to do at its end.
        options = os.environ.get("ASAN_OPTIONS", "")
        with unittest.mock.patch.dict(os.environ, ASAN_OPTIONS=f"{options}:detect_leaks=0"):
            self.add(ALICE)
        self.assertTrue(list(data.iterdir()))
        for file in data.iterdir():
            self.assertEqual(file.stat().st_uid, 4321, file)


class StandardStreams(CommandTest):
    def test_their_numbers_are_not_given_to_files_when_they_are_closed(self):
        """Else lines of the log would go into a client's connection, or a database."""
        process = subprocess.Popen(["/bin/sh", "-c", 'exec "$0" --config "$1" serve <&- >&- 2>&-', find_godwitd(),
                                    self.server.config_path])
        self.addCleanup(process.kill)
        while self.run_command("status").returncode != 0:
            self.assertIsNone(process.poll())
        self.assertEqual({os.readlink(f"/proc/{process.pid}/fd/{number}") for number in range(3)}, {"/dev/null"})
        process.terminate()
        self.assertEqual(process.wait(timeout=60), 0)


class UsersWithServer(Users, CommandTest):
    def setUp(self):
        super().setUp()
        self.server.start()

    def test_a_new_account_logs_in_at_once(self):
        self.add(ALICE)
        self.assertTrue(self.can_log_in("alice"))
        self.assertFalse(self.can_log_in("bob"))

    def test_a_new_password_counts_at_once(self):
        self.ok("user", "add", ALICE, text="another")
        self.assertFalse(self.can_log_in("alice"))
        self.ok("user", "passwd", ALICE, text=PASSWORD)
        self.assertTrue(self.can_log_in("alice"))
        self.ok("user", "passwd", ALICE, text="another")
        self.assertFalse(self.can_log_in("alice"))

    def test_removal_ends_sessions(self):
        self.add(ALICE, BOB)
        alice, bob = self.login("alice"), self.login("bob")
        self.ok("user", "remove", ALICE, "-y")
        with self.assertRaises(Closed):
            while True:
                alice.read()
        self.assertFalse(self.can_log_in("alice"))
        bob.enable()
        self.assertEqual(bob.request_ack(), 0)

    def test_a_later_account_of_the_name_sees_nothing(self):
        self.add(ALICE, BOB)
        bob = self.login("bob")
        bob.enable()
        bob.message(ALICE, "for the first alice", origin="1")
        bob.acked(1)
        self.ok("user", "remove", ALICE, "-y")
        self.add(ALICE)
        bob.message(ALICE, "for the second alice", origin="2")
        bob.acked(2)
        alice = self.login("alice").presence()
        self.assertEqual([body for body, _ in alice.bodies(1)], ["for the second alice"])

    def test_status(self):
        self.add(ALICE, BOB)
        alice = self.login("alice")
        alice.enable()
        alice.message(BOB, "hello", origin="1")
        alice.acked(1)
        self.can_log_in("carol")
        status = self.status()
        self.assertEqual(status["state"], "running")
        self.assertEqual(status["domain"], DOMAIN)
        self.assertEqual(status["process"], str(self.server.process.pid))
        self.assertEqual(status["sessions"], "1")
        self.assertEqual(status["logins"], "1")
        self.assertEqual(status["logins failed"], "1")
        self.assertEqual(status["messages stored"], "1")
        self.assertEqual(status["accounts"], "2")
        self.assertRegex(status["memory"], r"MiB")
        self.assertIn(f"c2s 127.0.0.1:{self.server.port}", self.ok("status"))

    def test_the_socket_is_the_owners(self):
        # It comes after the listeners; a command waits for it.
        self.status()
        socket = self.server.folder / "data/admin.sock"
        self.assertEqual(stat.S_IMODE(socket.stat().st_mode), 0o600)
        self.server.stop()
        self.assertFalse(socket.exists())

    def test_a_killed_server_leaves_nothing_in_the_way(self):
        self.add(ALICE)
        self.server.kill()
        self.assertTrue((self.server.folder / "data/admin.sock").exists())
        self.assertEqual(self.listed(), [ALICE])
        self.server.start()
        self.assertEqual(self.status()["accounts"], "1")

    def test_a_second_server_is_refused(self):
        done = self.run_command("serve")
        self.assertEqual(done.returncode, 1)
        self.assertIn("in use by another godwitd", done.stderr)
        self.add(ALICE)

    def test_a_server_of_other_data_is_refused_on_the_same_ports(self):
        """The system would let it share them, and each client would get one of the two."""
        other = self.server.folder / "other.toml"
        other.write_text(self.server.config_path.read_text().replace("/data", "/other"))
        done = godwitd("--config", str(other), "serve")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"cannot listen on 127.0.0.1:{self.server.port}", done.stderr)

    def test_the_server_stops_while_commands_come(self):
        self.server.process.send_signal(signal.SIGTERM)
        for _ in range(5):
            done = self.run_command("user", "list")
            self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assertEqual(self.server.stop(), 0)


if __name__ == "__main__":
    unittest.main()
