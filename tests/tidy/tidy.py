#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Runs clang-tidy over what has changed since it was last found clean.

tidy.py --build FOLDER [--cache FOLDER] [--seconds N] [--all] [--tree FOLDER] [PATH PART...]

The folder of the build gives the commands and, for each object, the headers that it was made of. A file whose text,
headers, command, .clang-tidy and clang-tidy are those of an earlier clean run is not looked at again; the keys of clean
runs are empty files in the cache, which checkouts share. Without --all it stops beginning new files after the given
seconds, those changed last first, and says how many it did not reach: a fresh machine has no clean runs to remember.
"""

import argparse
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import time

import tree as repository

CLANG_TIDY = os.environ.get("GODWIT_CLANG_TIDY", "clang-tidy")
# What g++ was told and clang does not know, or what would give a file headers that it does not include.
UNKNOWN = re.compile(r"^-(mno-direct-extern-access|fno-sanitize-recover.*|fno-semantic-interposition|Wno-[\w=-]+"
                     r"|fpch-preprocess|Winvalid-pch)$")
CACHE_DAYS = 60


def commands(build: pathlib.Path) -> dict[pathlib.Path, tuple[list[str], str]]:
    """For each source file its command without compiler launcher and output, and the object it makes."""
    found: dict[pathlib.Path, tuple[list[str], str]] = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        words = entry.get("arguments") or shlex.split(entry["command"])
        while words and os.path.basename(words[0]) in ("ccache", "sccache"):
            words = words[1:]
        made = words[words.index("-o") + 1] if "-o" in words else entry.get("output", "")
        kept = [word for word in words if not UNKNOWN.match(word)]
        while "-include" in kept:
            at = kept.index("-include")
            del kept[at:at + 2]
        found.setdefault(pathlib.Path(entry["file"]).resolve(), (kept, made))
    return found


def dependencies(build: pathlib.Path) -> dict[str, list[str]]:
    """For each object the files that it was made of, as ninja remembers them; empty where nothing was built yet."""
    listed = subprocess.run(["ninja", "-C", str(build), "-t", "deps"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                            check=False)
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in listed.stdout.decode(errors="replace").splitlines():
        if line.startswith("    "):
            current.append(line.strip())
        elif ": #deps" in line:
            current = found.setdefault(line.split(": #deps", 1)[0], [])
    return found


@functools.cache
def digest(path: pathlib.Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "missing"


class Tidy:
    def __init__(self, tree: pathlib.Path, build: pathlib.Path, cache: pathlib.Path):
        self.tree, self.build, self.cache = tree, build, cache
        self.tool = subprocess.run([CLANG_TIDY, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode()
        self.commands = commands(build)
        self.made_of = dependencies(build)
        names = repository.files(tree)
        self.headers = [name for name in names if name.endswith(".h")]
        self.sources = [name for name in repository.newest_first(tree, [name for name in names if name.endswith(".cpp")])
                        if (tree / name).resolve() in self.commands]
        cache.mkdir(parents=True, exist_ok=True)

    def configuration(self, name: str) -> str:
        """Digests of the .clang-tidy files from the tree down to the file."""
        folders = [self.tree, *(self.tree / part for part in list(pathlib.PurePath(name).parents)[-2::-1])]
        return " ".join(digest(folder / ".clang-tidy") for folder in folders)

    def inside(self, paths: list[str]) -> set[str]:
        """Those of the paths that are files of the tree (by their real place), relative; nothing of the build."""
        found = set()
        for path in paths:
            real = (self.build / path).resolve()
            if real.is_relative_to(self.tree) and not real.is_relative_to(self.build.resolve()):
                found.add(str(real.relative_to(self.tree)))
        return found

    def key(self, name: str) -> str:
        words, made = self.commands[(self.tree / name).resolve()]
        known = self.made_of.get(made)
        parts = self.inside(known) if known else set(self.headers)
        text = [self.tool, " ".join(words).replace(str(self.build), "BUILD").replace(str(self.tree), "TREE"),
                self.configuration(name), name]
        text += [f"{part} {digest(self.tree / part)}" for part in sorted(parts | {name})]
        return hashlib.sha256("\n".join(text).encode()).hexdigest()

    def run(self, name: str, folder: pathlib.Path) -> str:
        """What clang-tidy says of the file; nothing when it is clean, which is remembered."""
        done = subprocess.run([CLANG_TIDY, "-p", str(folder), "--quiet", "--extra-arg=-Wno-unknown-warning-option",
                               "--extra-arg=-Wno-unused-command-line-argument", str(self.tree / name)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.tree, check=False)
        if done.returncode == 0:
            (self.cache / self.key(name)).touch()
            return ""
        lines = [line for line in done.stdout.decode(errors="replace").splitlines()
                 if not re.match(r"\d+ warnings? (generated|treated)|Suppressed \d+|Use -header-filter", line)]
        return "\n".join(lines) + "\n"

    def prune(self) -> None:
        """Forgets clean runs that nothing has asked for in a long time."""
        for file in self.cache.iterdir():
            if file.stat().st_mtime < time.time() - CACHE_DAYS * 86400:
                file.unlink(missing_ok=True)


def check(tidy: Tidy, names: list[str], seconds: float) -> int:
    """Number of files with findings, which are printed."""
    began = time.monotonic()
    todo = []
    for name in names:
        remembered = tidy.cache / tidy.key(name)
        if remembered.exists():
            remembered.touch()
        else:
            todo.append(name)
    bad, done = 0, 0
    lock = threading.Lock()
    with tempfile.TemporaryDirectory() as folder:
        database = [{"directory": str(tidy.build), "file": str(file), "arguments": words}
                    for file, (words, _) in tidy.commands.items()]
        pathlib.Path(folder, "compile_commands.json").write_text(json.dumps(database), encoding="utf-8")

        def one(name: str) -> None:
            nonlocal bad, done
            if time.monotonic() - began > seconds:
                return
            said = tidy.run(name, pathlib.Path(folder))
            with lock:
                done += 1
                bad += bool(said)
                print(f"[{done}/{len(todo)}] {time.monotonic() - began:5.0f} s {name}", flush=True)
                print(said, end="", flush=True)

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            list(pool.map(one, todo))
    print(f"{len(names)} files: {len(names) - len(todo)} clean since earlier, {done} looked at, {bad} with findings")
    if done < len(todo):
        print(f"{len(todo) - done} files were not reached in {seconds:.0f} s; the next run goes on, --full looks at all")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description="clang-tidy over what has changed")
    parser.add_argument("--tree", default=pathlib.Path(__file__).parents[2], type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--cache", type=pathlib.Path)
    parser.add_argument("--seconds", default=120, type=float)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("parts", nargs="*", help="only files whose path contains one of these")
    options = parser.parse_args()
    home = os.environ.get("GODWIT_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "godwit")
    tidy = Tidy(options.tree.resolve(), options.build.resolve(), (options.cache or pathlib.Path(home) / "tidy").resolve())
    names = [name for name in tidy.sources if not options.parts or any(part in name for part in options.parts)]
    if not names:
        print("no file of the tree is in the compile commands")
        return 1
    bad = check(tidy, names, float("inf") if options.all else options.seconds)
    tidy.prune()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
