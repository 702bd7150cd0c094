# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The files of a tree that the checks of this folder look at."""

import os
import pathlib
import subprocess

SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__"}


def files(tree: pathlib.Path) -> list[str]:
    """Relative paths of all files that are tracked or could be (not ignored), sorted; works without git too."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(tree), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if (tree / ".git").exists() and listed.returncode == 0:
        names = [name for name in listed.stdout.decode().split("\0") if name]
        return sorted({name for name in names if (tree / name).is_file()})
    found = []
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        found += [os.path.relpath(os.path.join(folder, name), tree) for name in names]
    return sorted(found)


def newest_first(tree: pathlib.Path, names: list[str]) -> list[str]:
    """The same names, those changed last first: uncommitted changes, then by the order of commits."""
    def git(*arguments: str) -> list[str]:
        done = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(tree), *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
        return done.stdout.decode(errors="replace").splitlines() if done.returncode == 0 else []

    order: dict[str, int] = {}
    for name in git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard") + \
            git("log", "-n", "300", "--name-only", "--format="):
        order.setdefault(name, len(order))
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))
