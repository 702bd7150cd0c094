# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Two terminal chats on a server: console_chat.py PROGRAM SCENARIO [GODWITD]

Without GODWITD the server is one that we did not write."""

import re
import resource
import signal
import socket
import sys
import threading
import time

from godwitd import Godwitd
from stage import Stage
from terminal import Terminal
from wire import ACK, Wire


def texts(lines, word):
    """The texts of the lines that begin with a word ("in" or "old"), in order."""
    cut = {"in": 4, "old": 5}[word]
    return [line.split(" ", cut)[cut] for line in lines if line.startswith(word + " ")]


def expect(condition, words):
    if not condition:
        raise AssertionError(words)


def until(condition, words):
    """Waits for something on a wire."""
    deadline = time.monotonic() + 30
    while not condition():
        expect(time.monotonic() < deadline, words)
        time.sleep(0.02)


def quiet(terminal, wire):
    """Waits until the server has acknowledged all that a terminal sent, and that is on its disk."""
    until(wire.acknowledged, "the server does not acknowledge")
    # The first answer comes behind the ack, the second behind what the ack made it write.
    for turn in (1, 2):
        terminal.say("/history 1")
        terminal.wait_for("^old ", turn)


def chat(stage):
    """Each message passes every state, in order, and arrives once, in both directions."""
    a, b = stage.pair()
    a.say("hello bob", "with \\ and <tags> & \u00e4\U0001F426")
    b.wait_for("^in ", 2)
    expect(texts(b.lines, "in") == ["hello bob", "with \\\\ and <tags> & \u00e4\U0001F426"], "texts differ")
    a.wait_for(r"^own \d+ read", 2)
    for key in (1, 2):
        states = [line.split()[2] for line in a.matching(rf"^own {key} ")]
        order = ["queued", "sent", "accepted", "delivered", "read"]
        expect(states == [state for state in order if state in states] and {"queued", "sent", "read"} <= set(states),
               f"states of {key}: {states}")
    b.say("hello alice")
    a.wait_for("^in .*hello alice$")
    expect(a.end_input() == 0, "alice did not end well")
    expect(b.terminate() == 0, "bob did not end well on SIGTERM")


def odd_text(stage):
    """A line that is too long for one message arrives in pieces; no letter that came acts on the terminal."""
    a, b = stage.pair()
    tale = "x" + "\u00e4\U0001F426" * 15_000
    a.say("before", tale, "cls \u009b2J next\u2028line", "after")
    b.wait_for("^in .* after$")
    shown = texts(b.lines, "in")
    expect(len(shown) > 5 and "".join(shown[1:-2]) == tale, f"{len(shown)} texts, not the tale")
    expect(shown[-2] == "cls \\u009b2J next\\u2028line", f"printed: {shown[-2]}")


def closed_streams(stage):
    """Who has no standard input says nothing: no file that was opened in its place is read, and sent."""
    a, b = stage.pair()
    a.say("one")
    b.wait_for("^in .*one$")
    expect(a.end_input() == 0, "not everything was accepted")
    expect(a.again_with_closed_streams() == 0, "it does not end as at the end of its input")
    again = stage.open("alice", "bob")
    again.say("two")
    b.wait_for("^in .*two$")
    expect(texts(b.lines, "in") == ["one", "two"], f"shown: {texts(b.lines, 'in')}")


def wrong_words(stage):
    """What the command line does not mean is said, and nothing is begun."""
    def refused(words, *more):
        terminal = stage.open("alice", "bob", more=more)
        expect(terminal.process.wait(30) == 2, f"{more} is taken")
        until(lambda: words in terminal.errors, f"{more} is not named")

    refused(b"stray", "stray")
    refused(b"--drain-timeout", "--drain-timeout", "soon")
    refused(b"--drain-timeout", "--drain-timeout", "-1")
    refused(b"--wire", "--wire", "rope")
    with open(f"{stage.folder}/empty", "w", encoding="utf-8"):
        refused(b"no password", "--password-file", f"{stage.folder}/empty")


def killed_client(stage):
    """Killed between typing and ack: exactly what was not accepted goes out again, and is shown once."""
    a, b = stage.pair()
    a.say("one")
    a.wait_for("^own 1 accepted")
    b.wait_for("^in .*one$")
    stage.server.process.send_signal(signal.SIGSTOP)
    a.say("two", "three", "four")
    a.wait_for(r"^own \d+ sent", 4)
    a.kill()
    stage.server.process.send_signal(signal.SIGCONT)
    ids = {line.split()[4] for line in a.matching("^own . queued") if not line.endswith(" one")}
    again = stage.open("alice", "bob")
    again.wait_for(r"^own \d+ (accepted|delivered|read)", 3)
    queued = again.matching(r"^own \d+ queued")
    expect([line.rsplit(" ", 1)[1] for line in queued] == ["two", "three", "four"], f"sent again: {queued}")
    expect({line.split()[4] for line in queued} == ids, "the ids changed")
    b.wait_for("^in .*four$")
    again.say("five")
    b.wait_for("^in .*five$")
    expect(texts(b.lines, "in") == ["one", "two", "three", "four", "five"], f"shown: {texts(b.lines, 'in')}")
    expect(again.end_input() == 0, "not everything was accepted")


def killed_server(stage):
    """What is typed while the server is away goes out in order when it returns, and nothing accepted is lost."""
    a, b = stage.pair()
    said = []
    for turn in range(3):
        stage_texts = [f"turn {turn} before {n}" for n in range(3)]
        a.say(*stage_texts)
        said += stage_texts
        a.wait_for(rf"^own \d+ accepted", len(said))
        stage.server.kill()
        a.wait_for("^conn waiting", turn + 1)
        while_away = [f"turn {turn} away {n}" for n in range(3)]
        a.say(*while_away)
        said += while_away
        a.wait_for(rf"^own \d+ queued .* turn {turn} away 2$")
        stage.server.start()
        a.wait_for("^conn online", turn + 2)
        b.wait_for("^conn online", turn + 2)
        a.wait_for(rf"^own \d+ (accepted|delivered|read)", 1)
        b.wait_for(rf"^in .*turn {turn} away 2$", 1, 60)
    shown = texts(b.lines, "in")
    expect(shown == said, f"shown {shown}, said {said}")
    expect(a.end_input() == 0, "not everything was accepted")


def killed_in_flight(stage):
    """The server killed while messages of both are under way: each is shown once and in order, on both sides."""
    a, b = stage.pair()
    said = {a: [], b: []}
    for turn in range(5):
        for number in range(8):
            for one in (a, b):
                said[one].append(f"turn {turn} text {number}")
                one.say(said[one][-1])
        # Somewhere among them, and not between two pieces of work.
        a.wait_for(r"^own \d+ sent", turn * 8 + 1 + turn)
        stage.server.kill()
        stage.server.start()
        for one in (a, b):
            one.wait_for("^conn online", turn + 2, 60)
    for one, other in ((a, b), (b, a)):
        other.wait_for(f"^in .*{said[one][-1]}$", 1, 60)
        expect(texts(other.lines, "in") == said[one], f"shown: {texts(other.lines, 'in')}")
    for one in (a, b):
        expect(one.end_input() == 0, "not everything was accepted")


def killed_receiver(stage):
    """Killed between what it showed and the ack of it: nothing is missing, and nothing is shown as new again."""
    wire = Wire(stage.server.address)
    a, b = stage.pair(bob=wire.address)
    said = ["with ack"]
    a.say(said[0])
    a.wait_for("^own 1 read")
    wire.mute.set()  # acks of what comes now stay on the way
    for turn in range(3):
        said += [f"turn {turn} one", f"turn {turn} two"]
        a.say(*said[-2:])
        b.wait_for(f"^in .*turn {turn} two$")
        b.kill()
        said.append(f"turn {turn} while away")
        a.say(said[-1])
        a.wait_for(rf"^own {len(said)} accepted")
        wire = Wire(stage.server.address)
        b = stage.open("bob", "alice", server=wire.address)
        b.wait_for(f"^in .*turn {turn} while away$")
        expect(texts(b.lines, "in") == said[-1:], f"shown as new: {texts(b.lines, 'in')}")
        wire.mute.set()
    b.say("/history 100")
    b.wait_for(f"^old .*{said[-1]}$")
    expect(texts(b.lines, "old") == said, f"kept: {texts(b.lines, 'old')}")


def torn_connection(stage):
    """Torn again and again while typing, the stream is resumed: everything arrives once and in order."""
    wire = Wire(stage.server.address)
    a, b = stage.pair(alice=wire.address)
    said = []
    for turn in range(6):
        if turn % 2:
            wire.deaf.set()  # acks do not arrive any more
        for n in range(4):
            said.append(f"turn {turn} text {n}")
            a.say(said[-1])
        a.wait_for(rf"^own \d+ sent .*", 4 * (turn + 1))
        wire.tear()
        wire.deaf.clear()
        a.wait_for("^conn online", turn + 2)
    b.wait_for(f"^in .*{said[-1]}$")
    a.wait_for(r"^own \d+ (accepted|delivered|read)", len(said))
    expect(texts(b.lines, "in") == said, f"shown: {texts(b.lines, 'in')}")
    until(lambda: b"<resumed" in wire.received, "no stream was resumed")
    expect(a.end_input() == 0, "not everything was accepted")


def too_high_count(stage):
    """A server that acknowledges what was never sent is not believed: a fresh stream, everything again, shown once."""
    wire = Wire(stage.server.address)
    a, b = stage.pair(alice=wire.address)
    a.say("one")
    a.wait_for("^own 1 (accepted|delivered|read)")
    b.wait_for("^in .*one$")
    told = []

    def refusals():
        return wire.sent.count(b"handled-count-too-high")

    def lie(data):
        def higher(match):
            if told:
                return match.group(0)
            told.append(match.group(0))
            return re.sub(rb"h='\d+'", b"h='100000'", match.group(0))
        return re.sub(rb"<a [^>]*urn:xmpp:sm:3[^>]*>", higher, data)

    wire.falsify = lie
    a.say("two")
    a.wait_for("^conn waiting")
    a.wait_for("^conn online", 2)
    a.wait_for("^own 2 (accepted|delivered|read)")
    b.wait_for("^in .*two$")
    a.say("three")
    b.wait_for("^in .*three$")
    a.wait_for("^own 3 (accepted|delivered|read)")
    expect(told, "no ack passed the wire")
    until(lambda: refusals() == 1, "the error was not sent")
    # The same lie while a stream is resumed.
    wire.falsify = lambda data: re.sub(rb"(<resumed [^>]*h=')(\d+)", rb"\g<1>1\g<2>00", data)
    stage.server.process.send_signal(signal.SIGSTOP)
    a.say("four")
    a.wait_for("^own 4 sent")
    wire.tear()
    stage.server.process.send_signal(signal.SIGCONT)
    b.wait_for("^in .*four$", 1, 60)
    a.wait_for("^own 4 (accepted|delivered|read)")
    until(lambda: refusals() == 2, "the error was not sent on <resumed/>")
    expect(texts(b.lines, "in") == ["one", "two", "three", "four"], f"shown: {texts(b.lines, 'in')}")
    expect(a.end_input() == 0, "not everything was accepted")


def full_disk(stage):
    """What cannot be stored is not acknowledged; it comes again when there is room, and is shown once."""
    wire = Wire(stage.server.address)
    a, b = stage.pair(bob=wire.address)
    a.say("with room")
    a.wait_for("^own 1 read")
    quiet(b, wire)
    resource.prlimit(b.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    before, stored = len(wire.sent), wire.received_count()
    a.say("without room")
    b.wait_for("^conn waiting")
    # What was stored before may be asked for late.
    acks = [int(h) for h in ACK.findall(wire.sent[before:])]
    expect(all(h <= stored for h in acks), f"acknowledged what was not stored: {acks} of {stored}")
    expect(not b.matching("without room"), "shown before it was stored")
    resource.prlimit(b.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    b.wait_for("^in .*without room$", 1, 60)
    a.say("room again")
    b.wait_for("^in .*room again$")
    expect(texts(b.lines, "in") == ["with room", "without room", "room again"], f"shown: {texts(b.lines, 'in')}")


def new_device(stage):
    """History of a device that was away, and of one that knows nothing: complete, in order, each message once."""
    a, b = stage.pair()
    said = [f"text {n}" for n in range(20)]
    a.say(*said)
    b.wait_for("^in .*text 19$")
    expect(b.end_input() == 0, "bob did not end well")
    missed = [f"missed {n}" for n in range(130)]  # more than a page
    a.say(*missed)
    a.wait_for(r"^own \d+ accepted", 150, 60)
    again = stage.open("bob", "alice")
    again.wait_for("^in .*missed 129$", 1, 60)
    expect(texts(again.lines, "in") == missed, "what was missed is not complete, once, in order")
    again.say("/history 1000")
    again.wait_for("^old .*missed 129$")
    expect(texts(again.lines, "old") == said + missed, "the history is not complete, once, in order")
    other = stage.open("bob", "alice", device="-phone")
    other.wait_for("^in .*missed 129$", 1, 60)
    shown = texts(other.lines, "in")
    expect(shown == missed[-len(shown):] and len(shown) >= 40, "a new device begins with the newest")
    again.say("from the desk")
    other.wait_for("^own .*from the desk$")  # a carbon
    a.wait_for("^in .*from the desk$")


def end_of_input(stage):
    """Without a server the end of input leaves everything queued, says so, and the next start sends it."""
    a, b = stage.pair(more=("--drain-timeout", "2"))
    stage.server.kill()
    a.wait_for("^conn waiting")
    a.say("later")
    expect(a.end_input() == 4, "the exit status does not say that something waits")
    a.wait_for("^note 1 message")
    stage.server.start()
    again = stage.open("alice", "bob")
    again.wait_for("^own 1 (accepted|delivered|read)")
    b.wait_for("^in .*later$", 1, 60)
    expect(again.end_input() == 0, "not everything was accepted")
    refused = stage.open("alice", "bob")
    refused.kill()
    wrong = Terminal(stage.program, stage.folder + "/wrong", stage.server.address, "alice@localhost", "no",
                     "bob@localhost")
    stage.terminals.append(wrong)
    wrong.wait_for("^error The address or the password is wrong")
    expect(wrong.process.wait(10) == 3, "a refused sign-in has its own exit status")


def contacts(stage):
    """Asked, accepted, seen, and a stranger learns nothing before."""
    a, b = stage.pair()
    a.say("/add bob@localhost Bob the bird")
    b.wait_for("^request alice@localhost")
    b.say("/accept alice@localhost")
    a.wait_for("^request bob@localhost")
    a.say("/accept bob@localhost")
    deadline = time.monotonic() + 20
    while not a.matching("^contact bob@localhost both available Bob the bird"):
        expect(time.monotonic() < deadline, "bob is not seen")
        before = len(a.matching("^contact "))
        a.say("/contacts")
        a.wait_for("^contact ", before + 1)


def bare_server(stage):
    """A server without acks, archive and carbons: a ping's answer proves, what it proves is not sent again."""
    a, b = stage.pair()
    a.say("one", "two")
    b.wait_for("^in ", 2)
    a.wait_for(r"^own \d+ (accepted|delivered|read)", 2)
    stage.server.process.send_signal(signal.SIGSTOP)
    a.say("three")
    a.wait_for("^own 3 sent")
    stage.server.kill()
    stage.server.start()
    b.wait_for("^in .*three$", 1, 60)
    a.wait_for("^own 3 (accepted|delivered|read)")
    expect(texts(b.lines, "in") == ["one", "two", "three"], f"shown: {texts(b.lines, 'in')}")
    expect(a.end_input() == 0, "not everything was accepted")


bare_server.server = {"modules": ()}


def refused_text(stage):
    """What the server never takes fails, and holds up nothing: known from what it says, or from what it does."""
    seen = []

    def say(before, after, **how):
        a = stage.open("alice", "bob", **how)
        a.wait_for("^synced")
        a.say(before, "x" * 20_000, after)
        b.wait_for(f"^in .* {after}$", 1, 90)
        a.wait_for("^own [0-9]+ failed")
        expect(a.end_input() == 0, f"something still waits ({how})")
        seen.extend((before, after))
        expect(texts(b.lines, "in") == seen, f"shown: {texts(b.lines, 'in')}")

    b = stage.open("bob", "alice")
    b.wait_for("^synced")
    say("one", "two")
    silent = Wire(stage.server.address)
    silent.falsify = lambda data: data.replace(b"urn:xmpp:stream-limits:0", b"urn:xmpp:stream-limits:-")
    say("three", "four", server=silent.address)
    expect(silent.sent.count(b"x" * 20_000) <= 2, "it was sent again and again")
    if not isinstance(stage.server, Godwitd):
        return
    say("five", "six", more=("--wire", "compact", "--websocket", f"ws://{stage.server.http_address}/xmpp-websocket"))
    silent = Wire(stage.server.http_address)
    silent.falsify = lambda data: data.replace(b"urn:xmpp:stream-limits:0", b"urn:xmpp:stream-limits:-")
    for wire, before, after in (("websocket", "seven", "eight"), ("compact", "nine", "ten")):
        say(before, after, more=("--wire", wire, "--websocket", f"ws://{silent.address}/xmpp-websocket"))


refused_text.server = {"stanza_bytes_max": 10_000}


def led_astray(stage):
    """Where a server wants a stream to be resumed is no place for what goes through a bridge, which has no TLS."""
    trap = socket.create_server(("127.0.0.1", 0))
    trapped = []

    def spring():
        while True:
            try:
                victim, _ = trap.accept()
            except OSError:
                return
            with victim:
                victim.settimeout(2)
                try:
                    # Over TCP that place is the server's to choose: then nothing is there.
                    trapped.append(victim.recv(4096) if trapped else b"")
                except OSError:
                    trapped.append(b"")

    threading.Thread(target=spring, daemon=True).start()
    place = b"127.0.0.1:%d" % trap.getsockname()[1]
    wire = Wire(stage.server.address)
    wire.falsify = lambda data: data.replace(b"<enabled ", b"<enabled location='" + place + b"' ")
    b = stage.open("bob", "alice")
    a = stage.open("alice", "bob", server=wire.address,
                   more=("--websocket", f"ws://{stage.server.http_address}/xmpp-websocket"))
    for terminal in (a, b):
        terminal.wait_for("^synced")
    a.say("by cable")
    b.wait_for("^in .*by cable$")
    quiet(a, wire)
    wire.close()
    wire.tear()
    a.wait_for("^conn waiting")
    a.say("by bridge")
    b.wait_for("^in .*by bridge$", 1, 60)
    trap.shutdown(socket.SHUT_RDWR)
    trap.close()
    expect(len(trapped) > 1, "it was not led astray, so this shows nothing")
    expect(not any(trapped), f"said there: {trapped}")

SCENARIOS = {one.__name__: one for one in (chat, odd_text, closed_streams, wrong_words,
                                           killed_client, killed_server, killed_in_flight,
                                           killed_receiver, torn_connection, too_high_count,
                                           new_device, end_of_input, contacts, bare_server,
                                           refused_text, led_astray, full_disk)}


def main():
    program, scenario, *godwitd = sys.argv[1:]
    stage = Stage(program, *godwitd, **getattr(SCENARIOS[scenario], "server", {}))
    try:
        SCENARIOS[scenario](stage)
    except BaseException:
        stage.tell()
        raise
    finally:
        stage.close()


if __name__ == "__main__":
    main()
