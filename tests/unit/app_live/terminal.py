# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""One terminal chat as a process, with the lines that it printed."""

import os
import re
import signal
import subprocess
import threading
import time


class Terminal:
    def __init__(self, program, folder, server, account, password, peer, more=()):
        self.lines = []
        self.changed = threading.Condition()
        self.ended = False
        self.environment = {"GODWIT_PASSWORD": password, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": folder}
        self.process = subprocess.Popen(
            [program, "--console", peer, "--account", account, "--data-dir", folder, "--server", server,
             "--allow-plaintext", *more],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # A full disk is played by a limit on the size of files; that must be an error and no signal.
            preexec_fn=lambda: signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
            env=self.environment)
        self.errors = b""
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()

    def _read(self):
        for raw in self.process.stdout:
            with self.changed:
                self.lines.append(raw.decode().rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def _read_errors(self):
        for raw in self.process.stderr:
            self.errors += raw

    def say(self, *texts):
        self.process.stdin.write("".join(text + "\n" for text in texts).encode())
        self.process.stdin.flush()

    def matching(self, pattern):
        with self.changed:
            return [line for line in self.lines if re.search(pattern, line)]

    def wait_for(self, pattern, count=1, seconds=30):
        """The lines that match, once there are `count` of them."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                found = [line for line in self.lines if re.search(pattern, line)]
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or self.ended:
                    raise AssertionError(f"waited for {count} of {pattern!r}, has {len(found)}; printed:\n  " +
                                         "\n  ".join(self.lines) + "\nerrors:\n" + self.errors.decode())
                self.changed.wait(left)

    def end_input(self, seconds=30):
        self.process.stdin.close()
        return self.process.wait(seconds)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def again_with_closed_streams(self, seconds=30):
        """The same command once more, with no standard stream at all."""
        return subprocess.run(self.process.args, env=self.environment, preexec_fn=lambda: os.closerange(0, 3),
                              timeout=seconds, check=False).returncode

    def terminate(self, seconds=10):
        self.process.terminate()
        return self.process.wait(seconds)
