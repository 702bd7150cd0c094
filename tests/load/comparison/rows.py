# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The measurements: each runs one server (or two lives of one) under godwit-load and returns its figures.

Rows that do not name the archive run the peers without one, which is their faster case; godwitd has no such switch.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .servers import ANONYMOUS_DOMAIN, DOMAIN, Godwitd, Server, ServerError

RUN_TIMEOUT = 1200


@dataclass(frozen=True)
class Sizes:
    """How large the runs are."""

    sessions: int = 19000
    logins: int = 1000
    pairs: int = 1000
    warmup: float = 3
    duration: float = 10
    messages: int = 10000
    cut_messages: int = 7500
    churn_sessions: int = 200
    wire_sessions: int = 4000
    wire_pairs: int = 200


FULL = Sizes()
QUICK = Sizes(sessions=2000, logins=200, pairs=100, warmup=1, duration=3, messages=2000, cut_messages=3000,
              churn_sessions=50, wire_sessions=1000, wire_pairs=50)


@dataclass(frozen=True)
class Figure:
    """One line of the table."""

    key: str
    label: str
    unit: str = ""
    better: str = "low"  # low, high, or none where a ratio says nothing
    goal: str = ""


Figures = dict[str, float]


class Run:
    """What a row is given: the server's class, the sizes, and the generator."""

    def __init__(self, server: type[Server], sizes: Sizes, generator: str) -> None:
        self.server = server
        self.sizes = sizes
        self.generator = generator

    def command(self, server: Server, mode: str, *options: object) -> list[str]:
        over_http = "--wire" in options and options[options.index("--wire") + 1] != "tcp"
        port = server.http_port if over_http else server.port
        command = [self.generator, mode, "--json", "--port", str(port)]
        for pid in server.pids():
            command += ["--server-pid", str(pid)]
        if "--domain" not in options:
            command += ["--domain", DOMAIN]
        return command + [str(option) for option in options]

    def load(self, server: Server, mode: str, *options: object) -> Figures:
        command = self.command(server, mode, *options)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_TIMEOUT, check=False)
        except subprocess.TimeoutExpired as late:
            raise ServerError(f"godwit-load {mode} took more than {RUN_TIMEOUT} s") from late
        if done.returncode != 0:
            reason = done.stderr.strip() or f"exit status {done.returncode}"
            raise ServerError(f"{reason} (server: {server.last_words()[-300:] or 'silent'})")
        return json.loads(done.stdout)


def empty(run: Run) -> Figures:
    """A server without sessions: how long until it listens, how much memory it has."""
    with run.server() as server:
        time.sleep(1)
        held = run.load(server, "hold", "--domain", ANONYMOUS_DOMAIN, "--auth", "anonymous", "--sessions", 1,
                        "--steps", 1, "--settle", 0, "--hold", 0)
        return {"empty_mib": held["pss_empty_kib"] / 1024, "start_s": server.start_seconds}


def hold(run: Run) -> Figures:
    """The burst of anonymous logins, and what the sessions cost when they are idle."""
    with run.server() as server:
        return run.load(server, "hold", "--domain", ANONYMOUS_DOMAIN, "--auth", "anonymous", "--sessions",
                        run.sizes.sessions, "--hold", run.sizes.duration, "--login-timeout", 600)


def logins(run: Run) -> Figures:
    """Logins with passwords, hashing included."""
    figures: Figures = {}
    count = run.sizes.logins
    with run.server(users=count, hashed=True) as server:
        for mechanism in ("plain", "scram-sha-1"):
            held = run.load(server, "hold", "--auth", mechanism, "--sessions", count, "--steps", 1, "--settle", 0,
                            "--hold", 0)
            name = mechanism.replace("-", "_")
            figures[f"{name}_logins_per_s"] = held["logins_per_s"]
            figures[f"{name}_cpu_ms_per_login"] = held["cpu_ms_per_login"]
    return figures


def chat(run: Run) -> Figures:
    with run.server(users=2 * run.sizes.pairs) as server:
        return talk(run, server)


def chat_without_archive(run: Run) -> Figures:
    with run.server(archive=False, users=2 * run.sizes.pairs) as server:
        return talk(run, server)


def talk(run: Run, server: Server, *options: object) -> Figures:
    return run.load(server, "chat", "--pairs", run.sizes.pairs, "--warmup", run.sizes.warmup, "--duration",
                    run.sizes.duration, *options)


def latency(run: Run) -> Figures:
    """Open loop. A rate that the server does not keep up with is no latency but a backlog, and is left out."""
    figures: Figures = {}
    with run.server(archive=False, users=2 * run.sizes.pairs) as server:
        for rate in (1000, 2000, 10000):
            result = talk(run, server, "--rate", rate)
            if result["delivered_per_s"] < 0.97 * rate:
                break
            for point in ("p50", "p99"):
                figures[f"latency_{rate}_{point}_ms"] = result[f"latency_{point}_ms"]
    return figures


SEND_CALLS = ("sendto", "sendmsg", "sendmmsg", "writev")
RECEIVE_CALLS = ("recvfrom", "recvmsg", "readv")
SYNC_CALLS = ("fsync", "fdatasync", "msync")


def budget(run: Run) -> Figures:
    """System calls of the server for one message of a chat, at a rate that leaves nothing to gather.

    A server that does not keep up while it is traced has no figures: its messages cannot be told from its backlog.
    """
    if shutil.which("strace") is None:
        raise ServerError("strace is not installed")
    rate, traced = 200, 4.0
    with run.server(archive=False, users=40) as server:
        command = run.command(server, "chat", "--pairs", 20, "--rate", rate, "--warmup", 2, "--duration", traced + 3)
        summary = server.folder / "calls"
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as load:
            time.sleep(4)
            trace = subprocess.Popen(
                ["strace", "-f", "-c", "-U", "name,calls", "-o", str(summary), "-p", str(server.pids()[0])],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(traced)
            trace.send_signal(signal.SIGINT)
            trace.wait(30)
            result = json.loads(load.communicate(timeout=60)[0])
        calls = {}
        for line in summary.read_text(encoding="utf-8").splitlines():
            words = line.split()
            if len(words) == 2 and words[1].isdigit():
                calls[words[0]] = int(words[1])
    if result["delivered_per_s"] < 0.97 * rate:
        return {}
    messages = rate * traced

    def per_message(names: tuple[str, ...]) -> float:
        return sum(calls.get(name, 0) for name in names) / messages

    return {
        "sends_per_message": per_message(SEND_CALLS),
        "receives_per_message": per_message(RECEIVE_CALLS),
        "syncs_per_message": per_message(SYNC_CALLS),
        "calls_per_message": sum(count for name, count in calls.items() if name != "total") / messages,
    }


def overload(run: Run) -> Figures:
    """A tenth of the pairs with ten times the window: what the sockets of many pairs hold would hide the overload."""
    pairs = run.sizes.pairs // 10
    with run.server(users=2 * pairs) as server:
        result = run.load(server, "chat", "--pairs", pairs, "--window", 40, "--warmup", run.sizes.warmup, "--duration",
                          run.sizes.duration, "--overload", "--drain", 60)
    return {f"overload_{key}": value for key, value in result.items()}


def offline(run: Run) -> Figures:
    pairs = 10
    with run.server(archive=False, users=2 * pairs) as server:
        return run.load(server, "offline", "--pairs", pairs, "--messages", run.sizes.messages, "--window", 100)


def cut(run: Run) -> Figures:
    """Receivers torn with unread messages that return as new sessions, after the old ones have timed out, too."""
    figures: Figures = {}
    for name, options in (("sm", ()), ("plain", ("--receiver-no-sm",))):
        with run.server(archive=False, users=100, resume_timeout=5) as server:
            result = run.load(server, "offline", "--cut", "--pairs", 50, "--messages", run.sizes.cut_messages,
                              "--drain", 10, *options)
        figures[f"cut_{name}_bounced"] = result["bounced"]
        figures[f"cut_{name}_lost"] = result["lost"]
        figures[f"cut_{name}_order_breaks"] = result["order_breaks"]
    return figures


def kill(run: Run) -> Figures:
    """kill -9 right after the last ack, with everything waiting for receivers who are away."""
    with run.server(archive=False, users=20) as server:
        state = server.folder / "accepted"
        common = ("--pairs", 10, "--messages", run.sizes.messages, "--window", 100, "--state", state)
        stored = run.load(server, "offline", *common, "--phase", "store")
        server.kill()
        server.start()
        drained = run.load(server, "offline", *common, "--phase", "drain", "--drain", 10)
        return {"killed_lost_percent": 100.0 * drained["lost"] / max(stored["accepted"], 1)}


def churn(run: Run) -> Figures:
    with run.server(archive=False, users=run.sizes.churn_sessions, resume_timeout=5) as server:
        result = run.load(server, "churn", "--sessions", run.sizes.churn_sessions, "--duration",
                          2 * run.sizes.duration, "--drain", 10)
    figures = {f"churn_{key}": result[key] for key in ("lost", "bounced", "doubled", "order_breaks", "copies")}
    figures["churn_resumed_percent"] = 100.0 * result["resumes_done"] / max(result["resumes_tried"], 1)
    return figures


WIRES = ("tcp", "ws", "bosh", "compact")


def wires(run: Run) -> Figures:
    """Idle sessions and chat over each wire. Of the others only godwitd has all of them, so it is measured alone."""
    figures: Figures = {}
    if run.server is not Godwitd:
        return figures
    for wire in WIRES:
        with run.server() as server:
            held = run.load(server, "hold", "--domain", ANONYMOUS_DOMAIN, "--auth", "anonymous", "--wire", wire,
                            "--sessions", run.sizes.wire_sessions, "--settle", 1, "--hold", 0)
            figures[f"{wire}_kib"] = held["pss_slope_kib"]
        with run.server(users=2 * run.sizes.wire_pairs) as server:
            talked = run.load(server, "chat", "--wire", wire, "--pairs", run.sizes.wire_pairs, "--warmup",
                              run.sizes.warmup, "--duration", run.sizes.duration)
            figures[f"{wire}_delivered_per_s"] = talked["delivered_per_s"]
            figures[f"{wire}_cpu_ms_per_1000"] = talked["cpu_ms_per_1000"]
    return figures


def bytes_of_a_phone(run: Run) -> Figures:
    """The same ten minutes over each wire; godwit-load starts a godwitd for it by itself."""
    if run.server is not Godwitd:
        return {}
    program = Path(shutil.which(Godwitd.program) or Godwitd.program).resolve().parent
    environment = {**os.environ, "PATH": f"{program}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([run.generator, "bytes", "--json"], capture_output=True, text=True, timeout=RUN_TIMEOUT,
                          check=False, env=environment)
    if done.returncode != 0:
        raise ServerError(done.stderr.strip() or f"exit status {done.returncode}")
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Row:
    key: str
    what: str
    measure: Callable[[Run], Figures]
    figures: tuple[Figure, ...]


ROWS: tuple[Row, ...] = (
    Row("empty", "an empty server", empty, (
        Figure("empty_mib", "empty server: PSS", "MiB", goal="≤ 20"),
        Figure("start_s", "start to listening", "s", goal="≤ 0.1"),
    )),
    Row("hold", "the burst of anonymous logins, memory per idle session", hold, (
        Figure("pss_slope_kib", "memory per idle session, XEP-0198 on (slope of PSS)", "KiB", goal="≤ 4"),
        Figure("idle_cpu_percent", "CPU with all sessions idle", "%"),
        Figure("cpu_ms_per_login", "login, anonymous: CPU each", "ms", goal="≤ 0.15"),
        Figure("logins_per_s", "login, anonymous: burst", "/s", "high", goal="≥ 6,000"),
    )),
    Row("login", "logins with passwords", logins, (
        Figure("plain_cpu_ms_per_login", "login, PLAIN against hashed passwords: CPU each", "ms"),
        Figure("plain_logins_per_s", "login, PLAIN", "/s", "high"),
        Figure("scram_sha_1_cpu_ms_per_login", "login, SCRAM-SHA-1: CPU each", "ms"),
        Figure("scram_sha_1_logins_per_s", "login, SCRAM-SHA-1 (the client hashes on the same cores)", "/s", "high"),
    )),
    Row("chat", "chat in pairs, archive on", chat, (
        Figure("delivered_per_s", "chat, archive on: delivered", "/s", "high", goal="≥ 30,000"),
        Figure("cpu_ms_per_1000", "same: server CPU per 1,000 messages", "ms", goal="≤ 25"),
        Figure("latency_p50_ms", "same: send to received, p50", "ms"),
        Figure("latency_p99_ms", "same: send to received, p99", "ms"),
        Figure("own_cpu_ms_per_1000", "same: generator CPU per 1,000 messages", "ms", "none"),
        Figure("lost", "same: lost", goal="0"),
        Figure("copies", "same: delivered twice", goal="0"),
        Figure("order_breaks", "same: out of order", goal="0"),
    )),
    Row("chat-no-archive", "chat in pairs, without archive where that can be had", chat_without_archive, (
        Figure("delivered_per_s", "chat, peers without archive: delivered", "/s", "high", goal="≥ 30,000"),
        Figure("cpu_ms_per_1000", "same: server CPU per 1,000 messages", "ms", goal="≤ 25"),
    )),
    Row("latency", "latency at fixed rates, peers without archive", latency, tuple(
        Figure(f"latency_{rate}_{point}_ms", f"send to received at {rate:,}/s, {point}", "ms", goal=goal)
        for rate, point, goal in (
            (1000, "p50", ""), (1000, "p99", ""), (2000, "p50", "≤ 1"), (2000, "p99", "≤ 5"),
            (10000, "p50", "≤ 2"), (10000, "p99", "≤ 10"))
    )),
    Row("budget", "system calls of the server for one message", budget, (
        Figure("sends_per_message", "chat at 200/s: send calls for a message", goal="≤ 2"),
        Figure("receives_per_message", "same: receive calls", goal="≤ 3"),
        Figure("syncs_per_message", "same: syncs of a file"),
        Figure("calls_per_message", "same: all system calls"),
    )),
    Row("overload", "twice the load that the server can take, archive on", overload, (
        Figure("overload_capacity_delivered_per_s", "overload: capacity before", "/s", "high"),
        Figure("overload_offered_per_s", "same: offered", "/s", "none"),
        Figure("overload_sent_per_s", "same: let through by the senders' sockets", "/s", "none"),
        Figure("overload_delivered_per_s", "same: delivered", "/s", "high"),
        Figure("overload_overload_ratio", "same: delivered / capacity", "", "high", goal="≥ 0.9"),
        Figure("overload_delivered_per_s_min", "same: worst second", "/s", "high"),
        Figure("overload_latency_p99_ms", "same: send to received, p99", "ms"),
        Figure("overload_lost", "same: lost", goal="0"),
    )),
    Row("offline", "messages to users who are away", offline, (
        Figure("stored_per_s", "offline: stored until the ack", "/s", "high", goal="≥ 20,000"),
        Figure("store_cpu_ms_per_1000", "same: server CPU per 1,000", "ms"),
        Figure("drain_s", "offline: drained in", "s", goal="≤ 0.15 for 10,000"),
        Figure("lost", "offline: lost", goal="0"),
    )),
    Row("cut", "receivers cut with unread messages who return as new sessions", cut, (
        Figure("cut_sm_bounced", "receiver cut, XEP-0198: accepted, then bounced", goal="0"),
        Figure("cut_sm_lost", "receiver cut, XEP-0198: accepted, gone", goal="0"),
        Figure("cut_plain_bounced", "receiver cut, without XEP-0198: accepted, then bounced", goal="0"),
        Figure("cut_plain_lost", "receiver cut, without XEP-0198: accepted, gone", goal="0"),
    )),
    Row("kill", "kill -9 with offline messages waiting", kill, (
        Figure("killed_lost_percent", "kill -9, offline messages waiting: accepted, gone", "%", goal="0"),
    )),
    Row("churn", "sessions that come, are torn, resume and go", churn, (
        Figure("churn_lost", "churn: accepted, gone", goal="0"),
        Figure("churn_bounced", "churn: accepted, then bounced", goal="0"),
        Figure("churn_doubled", "churn: stored twice", goal="0"),
        Figure("churn_order_breaks", "churn: out of order", goal="0"),
        Figure("churn_resumed_percent", "churn: resumptions that worked", "%", "none"),
    )),
    Row("wires", "memory and chat over each wire, godwitd alone", wires, tuple(
        figure
        for wire, name in zip(WIRES, ("XML over TCP", "XML over WebSocket", "BOSH", "the compact wire"))
        for figure in (
            Figure(f"{wire}_kib", f"{name}: memory per idle session", "KiB"),
            Figure(f"{wire}_delivered_per_s", "same: chat, delivered", "/s", "high"),
            Figure(f"{wire}_cpu_ms_per_1000", "same: server CPU per 1,000 messages", "ms"),
        )
    )),
    Row("bytes", "bytes of a phone's ten minutes over each wire, godwitd alone", bytes_of_a_phone, (
        Figure("tcp_bytes", "ten minutes of a phone: XML over TCP", "bytes"),
        Figure("ws_bytes", "same: XML over WebSocket", "bytes"),
        Figure("deflate_bytes", "same: with permessage-deflate", "bytes"),
        Figure("bosh_bytes", "same: BOSH", "bytes"),
        Figure("compact_bytes", "same: the compact wire", "bytes"),
        Figure("compact_xml_ratio", "same: compact / XML over TCP", goal="≤ 0.167"),
        Figure("compact_message_bytes", "a message of 20 characters and its ack, compact", "bytes", goal="< 60"),
        Figure("deflate_codec_us_per_1000", "coding 1,000 of these stanzas: XML and deflate", "µs"),
        Figure("compact_codec_us_per_1000", "same: compact", "µs"),
        Figure("compact_deflate_cpu_ratio", "same: compact / XML and deflate", goal="< 0.1"),
        Figure("deflate_codec_bytes", "memory of a connection's codec: deflate", "bytes"),
        Figure("compact_codec_bytes", "same: compact", "bytes"),
    )),
)
