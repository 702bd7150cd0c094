#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Checks that files are laid out as their tools lay them out: C++ by clang-format, QML by qmlformat, shell by its parser.

format.py [--fix] [TREE]: prints each file that is not, and ends with 1 then. With --fix C++ and QML are rewritten.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

import tree as repository


def run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def cpp(root: pathlib.Path, name: str, fix: bool) -> str:
    if fix:
        return run("clang-format", "-i", str(root / name)).stdout.decode()
    checked = run("clang-format", "--dry-run", "-Werror", "--style=file", str(root / name))
    if checked.returncode == 0:
        return ""
    lines = sorted({int(line) for line in re.findall(r":(\d+):\d+: error", checked.stdout.decode())})
    if not lines:
        return checked.stdout.decode()
    return f"{name}:{lines[0]}: not as clang-format writes it, {len(lines)} lines (tests/tidy/format.py --fix)\n"


def qml(root: pathlib.Path, name: str, fix: bool) -> str:
    tool = shutil.which("qmlformat") or "/usr/lib/qt6/bin/qmlformat"
    if fix:
        return run(tool, "-i", str(root / name)).stdout.decode()
    formatted = run(tool, str(root / name))
    if formatted.returncode == 0 and formatted.stdout == (root / name).read_bytes():
        return ""
    return f"{name}: not as qmlformat writes it (tests/tidy/format.py --fix)\n"


def shell(root: pathlib.Path, name: str, _: bool) -> str:
    # A file that is sourced shares variables with others: it is checked as part of those too.
    sourced = [] if (root / name).read_bytes().startswith(b"#!") else ["--exclude=SC2034,SC2154"]
    checked = run("shellcheck", "--severity=warning", "--external-sources", f"--source-path={root}", *sourced,
                  str(root / name))
    return checked.stdout.decode() if checked.returncode else ""


def is_shell(root: pathlib.Path, name: str) -> bool:
    if name.endswith(".sh"):
        return True
    if "." in name.rsplit("/", 1)[-1]:
        return False
    with (root / name).open("rb") as file:
        return file.readline(64).rstrip() in (b"#!/bin/bash", b"#!/bin/sh", b"#!/usr/bin/env bash")


def check(root: pathlib.Path, fix: bool) -> tuple[int, list[str]]:
    """Number of files looked at and what is wrong with them."""
    work = []
    for name in repository.files(root):
        if name.endswith((".cpp", ".h")):
            work.append((cpp, name))
        elif name.endswith(".qml"):
            work.append((qml, name))
        elif is_shell(root, name):
            work.append((shell, name))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        said = pool.map(lambda item: item[0](root, item[1], fix), work)
    return len(work), [text for text in said if text]


def main() -> int:
    arguments = sys.argv[1:]
    fix = "--fix" in arguments
    folders = [argument for argument in arguments if argument != "--fix"]
    root = pathlib.Path(folders[0] if folders else pathlib.Path(__file__).parents[2]).resolve()
    count, wrong = check(root, fix)
    print("".join(wrong), end="")
    print(f"{count} files, {len(wrong)} not in their format")
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
