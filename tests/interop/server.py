# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A real godwitd in a folder of its own, on free loopback ports, that tests start, stop, kill and start again."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

DOMAIN = "example.org"
ANONYMOUS = "anon.example.org"
PASSWORD = "correct horse"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_godwitd():
    """The program under test: GODWITD from the build, else the one on PATH."""
    program = os.environ.get("GODWITD") or shutil.which("godwitd")
    if not program:
        raise RuntimeError("godwitd is not on PATH and GODWITD is not set")
    return program


class Server:
    def __init__(self, users=(), config=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="godwit-interop-"))
        self.port = free_port()
        self.tls_port = free_port()
        self.http_port = free_port()
        self.https_port = free_port()
        self.process = None
        self.prefix = []  # a program that runs the server, like a tracer
        self.log_path = self.folder / "log"
        self.config_path = self.folder / "godwitd.toml"
        self.config_path.write_text(self._config(config))
        if users:
            self.import_users(users)

    def _config(self, extra):
        certificate = self.folder / "cert.pem"
        key = self.folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-keyout", key, "-out", certificate, "-subj", f"/CN={DOMAIN}",
             "-addext", f"subjectAltName=DNS:{DOMAIN},DNS:{ANONYMOUS}"],
            check=True, capture_output=True)
        return f"""
domain = "{DOMAIN}"
data_dir = "{self.folder}/data"
[listen]
c2s = "127.0.0.1:{self.port}"
c2s_tls = "127.0.0.1:{self.tls_port}"
http = "127.0.0.1:{self.http_port}"
https = "127.0.0.1:{self.https_port}"
s2s = []
[tls]
require = false
certificate = "{certificate}"
key = "{key}"
[auth]
anonymous_hosts = ["{ANONYMOUS}"]
scram_iterations = 4096
{extra}
"""

    def run(self, *arguments, text=None):
        return subprocess.run([find_godwitd(), "--config", self.config_path, *arguments], input=text, text=True,
                              capture_output=True, check=False, timeout=60)

    def import_users(self, users):
        lines = "".join(f"{user}@{DOMAIN} {PASSWORD}\n" for user in users)
        result = self.run("user", "import", "-", text=lines)
        if result.returncode != 0:
            raise RuntimeError(f"user import: {result.stdout}{result.stderr}")

    def start(self):
        """Returns when the server says that it is ready, as to systemd: all of its ports are open then."""
        address = self.folder / "ready"
        address.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
            ready.bind(str(address))
            ready.settimeout(0.1)
            with open(self.log_path, "ab") as log:
                self.process = subprocess.Popen([*self.prefix, find_godwitd(), "--config", self.config_path, "serve"],
                                                stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                                env={**os.environ, "NOTIFY_SOCKET": str(address)})
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                try:
                    if b"READY=1" in ready.recv(4096).splitlines():
                        return self
                except TimeoutError:
                    if self.process.poll() is not None:
                        break
        raise RuntimeError("godwitd does not start:\n" + self.log())

    def kill(self):
        """kill -9: nothing is flushed, nobody is told."""
        self.process.kill()
        self.process.wait()

    def reload(self):
        """SIGHUP; returns when the configuration was read, taken over or not."""
        said = self.log().count("the configuration ")
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 20
        while self.log().count("the configuration ") == said:
            if time.monotonic() > deadline:
                raise RuntimeError("godwitd does not read its configuration:\n" + self.log())
            time.sleep(0.01)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        return self.process.returncode if self.process else None

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def memory(self):
        """Bytes of its own, in memory, which no file has."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("RssAnon:")[1].split()[0]) * 1024

    def sanitized(self):
        """Built with a sanitizer, whose own memory is more than the program's."""
        maps = pathlib.Path(f"/proc/{self.process.pid}/maps").read_text()
        return any(name in maps for name in ("libasan", "libtsan"))

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
