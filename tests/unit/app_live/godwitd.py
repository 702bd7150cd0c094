# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""A godwitd of its own for a test, with the same handles as prosody.Prosody."""

import os
import signal
import socket
import subprocess
import time

from prosody import free_port

CONFIG = """
domain = "localhost"
data_dir = "{folder}/data"
[listen]
c2s = "127.0.0.1:{port}"
c2s_tls = []
http = "127.0.0.1:{http_port}"
https = []
[tls]
require = false
"""


class Godwitd:
    def __init__(self, folder, program, stanza_bytes_max=None):
        self.folder = folder
        self.program = program
        self.port = free_port()
        self.http_port = free_port()
        self.process = None
        os.makedirs(folder + "/data", exist_ok=True)
        self.config = folder + "/godwitd.toml"
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(folder=folder, port=self.port, http_port=self.http_port))
            if stanza_bytes_max:
                file.write(f"[limits]\nstanza_bytes_max = {stanza_bytes_max}\npresence_bytes_max = {stanza_bytes_max}\n")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    @property
    def http_address(self):
        return f"127.0.0.1:{self.http_port}"

    def add_user(self, name, password):
        done = subprocess.run([self.program, "--config", self.config, "user", "import", "-"],
                              input=f"{name}@localhost {password}\n".encode(), capture_output=True, timeout=60)
        if done.returncode != 0:
            raise SystemExit("godwitd user import: " + done.stderr.decode())

    def set_password(self, name, password):
        subprocess.run([self.program, "--config", self.config, "user", "passwd", f"{name}@localhost"],
                       input=password.encode(), check=True, capture_output=True, timeout=60)

    def figures(self):
        """What "godwitd status" prints, by its names."""
        done = subprocess.run([self.program, "--config", self.config, "status"], check=True, capture_output=True, text=True,
                              timeout=60)
        return {line[:20].rstrip(): line[21:] for line in done.stdout.splitlines()}

    def start(self):
        with open(self.folder + "/godwitd.log", "ab") as log:
            self.process = subprocess.Popen([self.program, "--config", self.config, "serve"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.02)
        raise SystemExit("godwitd did not start:\n" + self.log())

    def log(self):
        with open(self.folder + "/godwitd.log", encoding="utf-8", errors="replace") as log:
            return log.read()

    def kill(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None
