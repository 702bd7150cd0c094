# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Reads a trace of system calls (strace -f -yy) and finds what went out before the sync that covers it.

A message is written when its body first stands in a write to the log's WAL, and durable when a sync of that file that
began after the write has returned. The tracer sees the calls of all threads in one order: what one thread did because
of another stands behind it."""

import dataclasses
import re

WAL = "log.db-wal>"
CALL = re.compile(r"^(\d+) +(?:(\w+)\((.*)|<\.\.\. (\w+) resumed>(.*))$")
ACK = re.compile(r"<a [^>]*?h='(\d+)'")
PEER = re.compile(r"TCP(?:v6)?:\[[^\]]*?->[^\]]*?:(\d+)\]")
WRITES = ("write", "pwrite64", "writev", "pwritev")
SENDS = ("write", "writev", "sendto", "sendmsg")


@dataclasses.dataclass
class Found:
    """What the trace says. Violations are lines of text."""

    acks: int = 0
    deliveries: int = 0
    syncs: int = 0
    violations: list = dataclasses.field(default_factory=list)


class Durability:
    """Which bodies are on the disk, call by call."""

    def __init__(self, bodies):
        self.waiting = set(bodies) - {""}  # not written yet
        self.written = set()               # written, not covered by a sync
        self.durable = {""}                # what needs no log
        self.syncing = {}                  # thread -> what its running sync covers

    def write(self, text):
        found = {body for body in self.waiting if body in text}
        self.waiting -= found
        self.written |= found

    def sync_begins(self, thread):
        self.syncing[thread] = set(self.written)

    def sync_ends(self, thread):
        covered = self.syncing.pop(thread, set())
        self.written -= covered
        self.durable |= covered


def check(lines, sent):
    """`sent`: port of the client -> what it sent on the stream, in order: the bodies of messages, "" for another stanza."""
    found = Found()
    state = Durability(body for bodies in sent.values() for body in bodies)
    ports = {}
    for number, line in enumerate(lines, 1):
        call = CALL.match(line)
        if not call:
            continue
        thread, name, arguments, resumed, rest = call.groups()
        if name in ("fdatasync", "fsync") and WAL in arguments:
            state.sync_begins(thread)
            if "<unfinished" not in arguments and arguments.rstrip().endswith("= 0"):
                found.syncs += 1
                state.sync_ends(thread)
        elif resumed in ("fdatasync", "fsync") and thread in state.syncing:
            if rest.rstrip().endswith("= 0"):
                found.syncs += 1
                state.sync_ends(thread)
        elif name in WRITES and WAL in arguments:
            state.write(arguments)
        elif name in SENDS:
            if peer := PEER.search(arguments):
                look(found, state, number, int(peer.group(1)), arguments, sent, ports)
    return found


def look(found, state, number, port, text, sent, ports):
    """One send to a client: each ack in it, and each message."""
    for count in ACK.findall(text):
        found.acks += 1
        early = [body for body in sent.get(port, [])[:int(count)] if body not in state.durable]
        if early:
            found.violations.append(f"line {number}: ack of {count} to port {port} before the sync of {early[0]}")
    for body in sorted(state.written | state.waiting):
        if f"<body>{body}</body>" in text:
            found.violations.append(f"line {number}: {body} delivered to port {port} before its sync")
    found.deliveries += len(re.findall(r"<body>", text))
