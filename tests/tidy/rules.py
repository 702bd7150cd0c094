#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Rules of the repository that no compiler knows.

rules.py [TREE]: prints each violation as "path:line: rule: what is wrong" and ends with 1 when there is one. A rule is
a function that takes the tree's files and yields violations; test_rules.py breaks every one of them on purpose.
"""

import dataclasses
import pathlib
import re
import sys
from collections.abc import Callable, Iterator

import functions
import tree as repository

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70
QML_LINES_MAX = 200
# The numbered rules of delivery.
DELIVERY_RULES = range(1, 18)

SOURCE = (".cpp", ".h", ".c", ".qml", ".js", ".mjs", ".py", ".sh", ".awk", ".cmake", ".sql", ".toml", ".service", ".lua")
BINARY = (".png", ".jpg", ".webp", ".ico", ".ttf", ".bin", ".gz", ".db", ".cbor", ".qm", ".wav", ".ogg")
# Data that is bytes for its own sake: neither headers nor words are asked of it.
DATA = re.compile(r"^tests/(corpus|fuzz)/(?!.*\.(cpp|h|py|sh|cmake|md)$)(?!.*CMakeLists\.txt$)|^LICENSE$")
# Written apart so that this file does not break its own rule.
WORDS = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK"]) + r")\b")
HOSTS = re.compile("|".join(re.escape(host) for host in (
    "registry.npm" "js.org", "deb." "debian.org", "security." "debian.org", "snapshot." "debian.org", "py" "pi.org",
    "python" "hosted.org", "crates" ".io", "docker" ".io", "ghcr" ".io", "quay" ".io", "proxy.golang" ".org")))
MACHINE = re.compile(r"(?<![\w$}\"'./])/(?:ro" r"ot|wo" r"rk|home/[a-z]\w*|Users/\w+|tmp/gw)/")
SLEEPS = re.compile(r"\bq(?:Sleep|Wait)\s*\(|\bsleep_(?:for|until)\s*\(|\b(?:u|nano|m)?sleep\s*\(")


@dataclasses.dataclass
class File:
    path: str
    text: str

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def is_source(self) -> bool:
        return self.name.endswith(SOURCE) or self.name == "CMakeLists.txt" or self.text.startswith("#!")


Violation = tuple[str, int, str]
Rule = Callable[[dict[str, File]], Iterator[Violation]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    RULES[check.__name__.replace("_", "-")] = check
    return check


@rule
def licence_header(files: dict[str, File]) -> Iterator[Violation]:
    """Each source file says whose it is and under which licence."""
    for file in files.values():
        head = "\n".join(file.lines[:4])
        if file.is_source() and not ("SPDX-FileCopyright" "Text: 2026 The Godwit authors" in head
                                     and "SPDX-License-" "Identifier: MPL-2.0" in head):
            yield file.path, 1, "the two SPDX lines are missing at the top"


@rule
def file_length(files: dict[str, File]) -> Iterator[Violation]:
    """A file that long does more than one thing."""
    for file in files.values():
        limit = QML_LINES_MAX if file.name.endswith(".qml") else FILE_LINES_MAX
        if file.is_source() and len(file.lines) > limit:
            yield file.path, limit + 1, f"{len(file.lines)} lines, at most {limit} are allowed"


@rule
def function_length(files: dict[str, File]) -> Iterator[Violation]:
    """A function is read at once."""
    for file in files.values():
        for name, line, count in functions.lengths(file.name, file.text):
            if count > FUNCTION_LINES_MAX:
                yield file.path, line, f"{name} has {count} lines, at most {FUNCTION_LINES_MAX} are allowed"


@rule
def unfinished(files: dict[str, File]) -> Iterator[Violation]:
    """Work left over is an issue, not a remark."""
    for file in files.values():
        for number, line in enumerate(file.lines, 1):
            if found := WORDS.search(line):
                yield file.path, number, f"the word {found.group()} stands for unfinished work"


@rule
def places(files: dict[str, File]) -> Iterator[Violation]:
    """The tree knows neither where packages come from nor the machine that it was written on."""
    for file in files.values():
        for number, line in enumerate(file.lines, 1):
            if found := HOSTS.search(line):
                yield file.path, number, f"names the host {found.group()}"
            if found := MACHINE.search(line):
                yield file.path, number, f"names the path {found.group()} of one machine"


@rule
def readme(files: dict[str, File]) -> Iterator[Violation]:
    """Every top-level folder and every room has a README.md of a screenful."""
    folders = {path.split("/", 1)[0] for path in files if "/" in path and not path.startswith(".")}
    for file in files.values():
        if file.name == "CMakeLists.txt" and "/" in file.path and re.search(r"^\s*godwit_room\(", file.text, re.M):
            folders.add(file.path.rsplit("/", 1)[0])
    for folder in sorted(folders):
        page = files.get(f"{folder}/README.md")
        if page is None:
            yield f"{folder}/README.md", 1, "is missing"
        elif len(page.text.split()) < 30:
            yield page.path, 1, "says too little: what lives here, what it may include, how data passes"


@rule
def include_guard(files: dict[str, File]) -> Iterator[Violation]:
    """Headers begin with #pragma once."""
    for file in files.values():
        if file.name.endswith(".h") and not re.search(r"^#pragma once$", file.text, re.M):
            yield file.path, 1, "#pragma once is missing"


@rule
def no_exceptions(files: dict[str, File]) -> Iterator[Violation]:
    """Failures are values."""
    for file in files.values():
        if file.name.endswith((".cpp", ".h")):
            for number, line in enumerate(functions._blank(file.text).splitlines(), 1):
                if re.search(r"\bthrow\b", line):
                    yield file.path, number, "throw: return a Result"


@rule
def no_sleeps(files: dict[str, File]) -> Iterator[Violation]:
    """Unit tests and the simulator run on a clock of their own."""
    for file in files.values():
        if file.path.startswith(("tests/unit/", "tests/sim/", "tests/fakes/")) and file.name.endswith((".cpp", ".h")):
            for number, line in enumerate(functions._blank(file.text).splitlines(), 1):
                if SLEEPS.search(line):
                    yield file.path, number, "a test that sleeps is slow or wrong; use the fake clock or QTRY_*"


def names(cmake: str, path: str) -> bool:
    """Whether a CMakeLists.txt names the path, also as a word with one part that is chosen: PollSet${KIND}.cpp."""
    for word in re.findall(r"[\w./${}+-]+", cmake):
        pattern = re.sub(r"\\\$\\\{\w+\\\}", r"\\w+", re.escape(word))
        if word == path or (word[0].isalpha() and re.fullmatch(pattern, path)) or \
                word == "${CMAKE_CURRENT_SOURCE_DIR}/" + path:
            return True
    return False


@rule
def registered(files: dict[str, File]) -> Iterator[Violation]:
    """Lists of files are explicit, so a file that no list names is dead, and a test in it never runs."""
    lists = {path: file.text for path, file in files.items() if file.name == "CMakeLists.txt" or path.endswith(".cmake")}
    for file in files.values():
        is_test = file.path.startswith("tests/") and re.search(r"^tst_.*\.qml$|(^|_)test(_.*)?\.(py|sh|mjs)$", file.name)
        is_code = file.name.endswith((".cpp", ".qml")) and not re.search(r"^tests/sim/bugs/", file.path)
        if not (is_test or is_code) or any(file.path in text for path, text in lists.items() if path.endswith(".cmake")):
            continue
        folder = file.path
        while "/" in folder:
            folder = folder.rsplit("/", 1)[0]
            text = lists.get(f"{folder}/CMakeLists.txt", "")
            inner = file.path[len(folder) + 1:]
            if names(text, inner):
                break
        else:
            yield file.path, 1, "is named in no CMakeLists.txt above it, so it is neither built nor run"


@rule
def limits(files: dict[str, File]) -> Iterator[Violation]:
    """A limit that can be configured and bounds nothing is a lie."""
    table = files.get("server/config/Limits.h")
    if not table:
        return
    used = {name for file in files.values()
            if file.path.startswith("server/") and not file.path.startswith("server/config/")
            for name in re.findall(r"\blimits\.(\w+)", file.text)}
    for number, line in enumerate(table.lines, 1):
        member = re.match(r"    (?:std::uint64_t|base::Duration) (\w+) =", line)
        if member and member[1] not in used:
            yield table.path, number, f"{member[1]} is read from the configuration and used nowhere"


def numbers(text: str) -> set[int]:
    """The numbers in "rule 7" and "Rules 1, 4 and 8"."""
    found = re.findall(r"\brules? (\d+(?:(?:, | and |, and )\d+)*)", text, re.I)
    return {int(number) for one in found for number in re.findall(r"\d+", one)}


def carried(file: File) -> set[int]:
    """The rules of delivery that test functions of this file carry: in a docstring, a comment above, or the name."""
    if file.path.endswith(".py"):
        found = re.findall(r'^ +(?:async )?def test_\w+\([^\n]*\):\n\s+"""(.*?)"""', file.text, re.M | re.S)
    elif re.search(r"(^|/)tst_\w+\.cpp$", file.path):
        found = re.findall(r"((?:^///? .*\n)+)^void \w+::\w+\(", file.text, re.M)
    else:
        found = []
    named = re.findall(r"\bvoid (?:\w+::)?rule(\d+)_\w+\(", file.text) if file.path.endswith(".cpp") else []
    return {number for text in found for number in numbers(text)} | {int(number) for number in named}


@rule
def delivery_rules(files: dict[str, File]) -> Iterator[Violation]:
    """Each numbered rule of delivery has at least one test that carries its number."""
    tests = [file for file in files.values() if file.path.startswith("tests/")]
    if not any(file.path.startswith("tests/interop/") for file in tests):
        return
    proved: set[int] = set()
    for file in tests:
        if unknown := carried(file) - set(DELIVERY_RULES):
            yield file.path, 1, f"a test carries rule {min(unknown)}, which does not exist"
        proved |= carried(file)
    for number in sorted(set(DELIVERY_RULES) - proved):
        yield "tests/README.md", 1, f"no test carries rule {number} of delivery"


@rule
def limits_tested(files: dict[str, File]) -> Iterator[Violation]:
    """Each bound of the configuration is named by a test of what it does, not only of how it is read."""
    table = files.get("server/config/Limits.cpp")
    tests = "\n".join(file.text for file in files.values() if re.search(r"^tst_.*\.cpp$|^test_.*\.py$", file.name)
                      and not file.path.startswith(("tests/unit/config/", "tests/tidy/")))
    for number, line in enumerate(table.lines if table else [], 1):
        found = re.match(r' *\{"(\w+)", (?:count|bytes|time)\(', line)
        if found and not re.search(rf"(?:\\n|\b){found[1]}\b", tests):
            yield table.path, number, f"no test names the limit {found[1]}"


def check(root: pathlib.Path) -> list[str]:
    """All violations in the tree, sorted, as lines to print."""
    files = {}
    for path in repository.files(root):
        if path.endswith(BINARY) or DATA.search(path):
            continue
        files[path] = File(path, (root / path).read_text(encoding="utf-8", errors="replace"))
    found = [f"{path}:{line}: {name}: {what}" for name, apply in RULES.items() for path, line, what in apply(files)]
    return sorted(found)


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    found = check(root)
    print("\n".join(found))
    print(f"{len(RULES)} rules, {len(repository.files(root))} files, {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
