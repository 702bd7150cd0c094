# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Starts and stops the servers that are compared: each with its own folder, its own free port, loopback only."""

import atexit
import functools
import hashlib
import hmac
import os
import resource
import secrets
import shutil
import signal
import socket
import string
import subprocess
import tempfile
import time
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent / "peers"
DOMAIN = "load.example"
ANONYMOUS_DOMAIN = "anon.example"
PASSWORD = "secret"
START_TIMEOUT = 60
STOP_TIMEOUT = 60


class ServerError(Exception):
    """A server could not be started, or is not installed; the text says which and why."""


def free_port() -> int:
    """A port of 127.0.0.1 below the ephemeral range, so that clients' source ports cannot take it."""
    for _ in range(200):
        port = 10000 + secrets.randbelow(20000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ServerError("no free port on 127.0.0.1")


def raise_descriptor_limit() -> None:
    """Runs in the child: servers get all the descriptors that they may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def first_line(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except OSError:
        return "unknown version"
    return (done.stdout.splitlines() or ["unknown version"])[0]


def package_version(package: str) -> str:
    return first_line(["dpkg-query", "-W", "-f", "${Version}", package])


class Server:
    """One server process with its folder. Use it as a context manager: it is always stopped and removed."""

    name = ""
    programs: tuple[str, ...] = ()

    def __init__(
        self,
        archive: bool = True,
        resume_timeout: int = 300,
        users: int = 0,
        hashed: bool = False,
        numbered_passwords: bool = False,
    ) -> None:
        self.archive = archive
        self.numbered_passwords = numbered_passwords
        self.hashed = hashed
        self.resume_timeout = resume_timeout
        self.users = users
        self.folder = Path(tempfile.mkdtemp(prefix=f"godwit-load-{self.name}-"))
        self.port = free_port()
        self.http_port = free_port()
        self.process: subprocess.Popen | None = None
        self.start_seconds = 0.0

    @classmethod
    def available(cls) -> bool:
        return all(shutil.which(program) for program in cls.programs)

    @classmethod
    def version(cls) -> str:
        raise NotImplementedError

    def __enter__(self) -> "Server":
        try:
            self.prepare()
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def accounts(self) -> list[tuple[str, str]]:
        """Names and passwords."""
        return [(f"user{i}", PASSWORD + (str(i) if self.numbered_passwords else "")) for i in range(self.users)]

    def prepare(self) -> None:
        """Writes the configuration and makes the accounts user0 .. userN-1, before the first start."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def fill(self, template: str, target: str, **values: object) -> Path:
        text = string.Template((PEERS / template).read_text(encoding="utf-8")).substitute(
            folder=self.folder,
            port=self.port,
            http_port=self.http_port,
            domain=DOMAIN,
            anonymous_domain=ANONYMOUS_DOMAIN,
            resume_timeout=self.resume_timeout,
            **values,
        )
        path = self.folder / target
        path.write_text(text, encoding="utf-8")
        return path

    def start(self) -> None:
        log = open(self.folder / "stdout.log", "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(
            self.command(),
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=raise_descriptor_limit,
        )
        log.close()
        while not self.listens():
            if self.process.poll() is not None:
                raise ServerError(f"{self.name} ended with {self.process.returncode}: {self.last_words()}")
            if time.monotonic() - begin > START_TIMEOUT:
                raise ServerError(f"{self.name} does not listen after {START_TIMEOUT} s: {self.last_words()}")
            time.sleep(0.01)
        self.start_seconds = time.monotonic() - begin
        self.started()

    def started(self) -> None:
        """What is left to do when the server listens."""

    def listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def last_words(self) -> str:
        words = []
        for path in sorted(self.folder.glob("*.log")):
            words += path.read_text(encoding="utf-8", errors="replace").splitlines()[-10:]
        return " | ".join(words)[-1500:]

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """SIGTERM and wait, as an operator would; then as kill()."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                pass
        self.kill()

    def kill(self) -> None:
        """kill -9 of the process and all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process = None

    def pids(self) -> list[int]:
        return [self.process.pid] if self.process else []


class Godwitd(Server):
    name = "godwitd"
    programs = ("godwitd",)
    # Set by compare when it runs from a build folder.
    program = "godwitd"
    # Data folders with so many accounts made; hashing their passwords takes as long as a row.
    prepared: dict[tuple[int, bool], Path] = {}

    @classmethod
    def available(cls) -> bool:
        return shutil.which(cls.program) is not None

    @classmethod
    def version(cls) -> str:
        return first_line([cls.program, "--version"])

    def config(self) -> str:
        return str(self.folder / "godwitd.toml")

    def prepare(self) -> None:
        self.fill("godwitd/godwitd.toml.in", "godwitd.toml")
        if not self.users:
            return
        key = (self.users, self.numbered_passwords)
        prepared = self.prepared.get(key)
        if prepared is None:
            self.make_accounts()
            prepared = Path(tempfile.mkdtemp(prefix="godwit-load-accounts-"))
            atexit.register(shutil.rmtree, prepared, ignore_errors=True)
            shutil.copytree(self.folder / "data", prepared / "data")
            self.prepared[key] = prepared
        else:
            shutil.copytree(prepared / "data", self.folder / "data")

    def make_accounts(self) -> None:
        lines = "".join(f"{user}@{DOMAIN} {password}\n" for user, password in self.accounts())
        done = subprocess.run(
            [self.program, "--config", self.config(), "user", "import", "-"],
            input=lines.encode(),
            capture_output=True,
            timeout=60 + self.users / 50,
            check=False,
        )
        if done.returncode != 0:
            raise ServerError(f"godwitd user import failed: {done.stderr.decode(errors='replace')[-500:]}")

    def command(self) -> list[str]:
        return [self.program, "--config", self.config(), "serve"]


class Prosody(Server):
    name = "prosody"
    programs = ("prosody",)
    iterations = 10000

    @classmethod
    def version(cls) -> str:
        return package_version("prosody")

    def prepare(self) -> None:
        self.fill(
            "prosody/prosody.cfg.lua.in",
            "prosody.cfg.lua",
            passwords="hashed" if self.hashed else "plain",
            archive_module=', "mam"' if self.archive else "",
            archive_storage=(
                'sql = { driver = "SQLite3", database = "prosody.sqlite" }\nstorage = { archive = "sql" }'
                if self.archive
                else ""
            ),
        )
        accounts = self.folder / "data" / DOMAIN.replace(".", "%2e") / "accounts"
        accounts.mkdir(parents=True)
        # Its own tool takes 0.2 s an account, so the files are written as its modules write them.
        for user, password in self.accounts():
            text = self.hashed_account(password) if self.hashed else f'return {{\n["password"] = "{password}";\n}};\n'
            (accounts / f"{user}.dat").write_text(text, encoding="ascii")

    @functools.cache
    def hashed_account(self, password: str) -> str:
        """One salt for all who share a password: what is measured is the login, not the making of accounts."""
        salt = secrets.token_hex(16)
        salted = hashlib.pbkdf2_hmac("sha1", password.encode(), salt.encode(), self.iterations)
        stored = hashlib.sha1(hmac.digest(salted, b"Client Key", "sha1")).hexdigest()
        server = hmac.digest(salted, b"Server Key", "sha1").hex()
        return (
            f'return {{\n["iteration_count"] = {self.iterations};\n["salt"] = "{salt}";\n'
            f'["stored_key"] = "{stored}";\n["server_key"] = "{server}";\n}};\n'
        )

    def command(self) -> list[str]:
        return ["prosody", "-F", "--config", str(self.folder / "prosody.cfg.lua")]


class Ejabberd(Server):
    """Run by erl itself: ejabberdctl changes to a system user and wants a name server of nodes (epmd)."""

    name = "ejabberd"
    programs = ("erl", "ejabberdctl")

    @classmethod
    def version(cls) -> str:
        return package_version("ejabberd")

    def prepare(self) -> None:
        self.fill(
            "ejabberd/ejabberd.yml.in",
            "ejabberd.yml",
            passwords="scram" if self.hashed else "plain",
            archive_module="  mod_mam:\n    default: always\n    db_type: sql\n" if self.archive else "",
            archive_storage=(
                f'sql_type: sqlite\nsql_database: "{self.folder}/ejabberd.sqlite"\n' if self.archive else ""
            ),
        )
        (self.folder / "spool").mkdir()
        (self.folder / "users").write_text(
            "".join(f"{user} {password}\n" for user, password in self.accounts()), encoding="ascii"
        )

    def environment(self) -> dict[str, str]:
        environment = dict(os.environ)
        environment.update(
            EJABBERD_CONFIG_PATH=str(self.folder / "ejabberd.yml"),
            EJABBERD_LOG_PATH=str(self.folder / "ejabberd.log"),
            ERL_CRASH_DUMP=str(self.folder / "crash.dump"),
            ERL_CRASH_DUMP_SECONDS="0",
            ERL_LIBS=os.environ.get("ERL_LIBS", "/usr/lib/x86_64-linux-gnu"),
            HOME=str(self.folder),
        )
        return environment

    def command(self) -> list[str]:
        # The accounts are made from inside, and the file goes when that is done.
        users = self.folder / "users"
        make = (
            f'{{ok, B}} = file:read_file("{users}"),'
            f'[begin [U, P] = binary:split(L, <<32>>), ok = ejabberd_auth:try_register(U, <<"{DOMAIN}">>, P) end'
            ' || L <- binary:split(B, <<10>>, [global, trim])],'
            f'ok = file:delete("{users}").'
        )
        return [
            "erl", "-noinput", "-start_epmd", "false",
            "+K", "true", "+P", "250000", "+Q", "65536",
            "-mnesia", "dir", f'"{self.folder}/spool"',
            "-s", "ejabberd",
        ] + (["-eval", make] if users.exists() else [])

    def started(self) -> None:
        begin = time.monotonic()
        while (self.folder / "users").exists():
            if not self.alive():
                raise ServerError(f"ejabberd ended while accounts were made: {self.last_words()}")
            if time.monotonic() - begin > 60 + self.users / 20:
                raise ServerError(f"ejabberd did not make its accounts in time: {self.last_words()}")
            time.sleep(0.1)


SERVERS: dict[str, type[Server]] = {server.name: server for server in (Godwitd, Ejabberd, Prosody)}
