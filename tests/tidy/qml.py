#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Runs qmllint over the tree's QML files; every remark fails.

qml.py --build FOLDER [--tree FOLDER]: the modules that the build made are found in FOLDER/qml and wherever a qmldir lies
in it.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys

import tree as repository


def import_paths(build: pathlib.Path) -> list[str]:
    """Folders in which modules lie: for each qmldir of module A.B the folder that holds A/B."""
    found = set()
    for folder, _, names in os.walk(build):
        if "qmldir" in names:
            lines = pathlib.Path(folder, "qmldir").read_text(encoding="utf-8").split("\n")
            uri = next((line.split()[1] for line in lines if line.startswith("module ")), "")
            parts = pathlib.PurePath(folder).parts
            depth = len(uri.split("."))
            if uri and list(parts[-depth:]) == uri.split("."):
                found.add(str(pathlib.Path(*parts[:-depth])))
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description="qmllint over the tree")
    parser.add_argument("--tree", default=pathlib.Path(__file__).parents[2], type=pathlib.Path)
    parser.add_argument("--build", required=True, type=pathlib.Path)
    options = parser.parse_args()
    root, build = options.tree.resolve(), options.build.resolve()
    names = [name for name in repository.files(root) if name.endswith(".qml")]
    if not names:
        print("the tree has no QML files")
        return 0
    tool = shutil.which("qmllint") or "/usr/lib/qt6/bin/qmllint"
    paths = [word for path in import_paths(build) for word in ("-I", path)]
    done = subprocess.run([tool, "--max-warnings", "0", *paths, *(str(root / name) for name in names)], check=False)
    print(f"{len(names)} files")
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
