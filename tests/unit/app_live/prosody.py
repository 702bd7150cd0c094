# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A Prosody of its own for a test: free loopback port, own data folder, ended with the test."""

import os
import shutil
import signal
import socket
import subprocess
import time

CONFIG = """
daemonize = false
run_as_root = true
prosody_user = "{user}"
data_path = "{folder}/data"
pidfile = "{folder}/prosody.pid"
log = {{ info = "{folder}/prosody.log" }}
modules_enabled = {{ "roster", "saslauth", "disco", "ping", "blocklist", {modules} }}
modules_disabled = {{ "s2s", "http", "posix" }}
authentication = "internal_hashed"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{ }}
legacy_ssl_ports = {{ }}
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
default_archive_policy = true
archive_expires_after = "never"
smacks_hibernation_time = 60
c2s_stanza_size_limit = {stanza_bytes_max}
VirtualHost "localhost"
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prosody:
    def __init__(self, folder, modules=("carbons", "smacks", "mam", "csi"), stanza_bytes_max=256 * 1024):
        self.folder = folder
        self.port = free_port()
        self.process = None
        os.makedirs(folder + "/data", exist_ok=True)
        self.config = folder + "/prosody.cfg.lua"
        with open(self.config, "w", encoding="utf-8") as file:
            user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
            named = ", ".join(f'"{module}"' for module in modules)
            file.write(CONFIG.format(folder=folder, port=self.port, user=user, modules=named,
                                     stanza_bytes_max=stanza_bytes_max))
        if not shutil.which("prosody"):
            raise SystemExit("prosody is not installed: this test needs it (apt install prosody)")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def add_user(self, name, password):
        subprocess.run(["prosodyctl", "--config", self.config, "register", name, "localhost", password],
                       check=True, capture_output=True, timeout=60)

    def start(self):
        self.process = subprocess.Popen(["prosody", "--config", self.config], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
        with open(self.folder + "/prosody.log", encoding="utf-8", errors="replace") as log:
            raise SystemExit("prosody did not start:\n" + log.read())

    def kill(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None
