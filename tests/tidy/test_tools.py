#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Shows that format.py, tidy.py and qml.py find what they are there to find, and remember only what is clean."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parents[1]

CLEAN = "namespace sample\n{\nint answer()\n{\n    return 42;\n}\n} // namespace sample\n"
BAD_NAME = CLEAN.replace("answer", "Get_Answer")
HEADER = "#pragma once\nnamespace sample\n{\nint answer();\n}\n"
QML = "import QtQuick\n\nItem {\n    width: 10\n}\n"


class Tools(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.tree = pathlib.Path(self.folder.name).resolve() / "tree"
        self.build = self.tree / "build"
        (self.tree / "shared").mkdir(parents=True)
        self.build.mkdir()
        for name in (".clang-format", ".clang-tidy"):
            shutil.copy(TREE / name, self.tree / name)
        self.addCleanup(self.folder.cleanup)

    def write(self, name: str, text: str) -> None:
        path = self.tree / name
        path.write_text(text, encoding="utf-8")
        entries = [{"directory": str(self.build), "file": str(file), "output": f"{file.stem}.o",
                    "command": f"ccache g++ -std=c++20 -mno-direct-extern-access -o {file.stem}.o -c {file}"}
                   for file in sorted(self.tree.glob("shared/*.cpp"))]
        (self.build / "compile_commands.json").write_text(json.dumps(entries), encoding="utf-8")

    def run_tool(self, name: str, *arguments: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, str(HERE / name), *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()

    def tidy(self, *arguments: str) -> tuple[int, str]:
        return self.run_tool("tidy.py", "--tree", str(self.tree), "--build", str(self.build), "--cache",
                             str(self.tree.parent / "cache"), *arguments)

    def test_format_of_cpp(self):
        self.write("shared/a.cpp", CLEAN)
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 0)
        self.write("shared/a.cpp", CLEAN.replace("    return", "  return"))
        status, said = self.run_tool("format.py", str(self.tree))
        self.assertEqual(status, 1)
        self.assertIn("a.cpp:4: ", said)
        self.run_tool("format.py", "--fix", str(self.tree))
        self.assertEqual((self.tree / "shared/a.cpp").read_text(encoding="utf-8"), CLEAN)

    def test_format_of_qml(self):
        self.write("shared/A.qml", QML)
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 0)
        self.write("shared/A.qml", QML.replace("    width", " width"))
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 1)

    def test_shell_scripts(self):
        self.write("tool", "#!/bin/bash\necho \"$1\"\n")
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 0)
        self.write("tool", "#!/bin/bash\ncd \"$1\"\nunused=1\n")
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 1)

    def test_format_of_nothing_is_no_success(self):
        self.assertEqual(self.run_tool("format.py", str(self.tree))[0], 1)

    def test_tidy_finds_and_remembers(self):
        self.write("shared/a.cpp", CLEAN)
        self.write("shared/b.cpp", BAD_NAME)
        status, said = self.tidy()
        self.assertEqual(status, 1, said)
        self.assertIn("invalid case style for function 'Get_Answer'", said)
        self.assertIn("2 files: 0 clean since earlier, 2 looked at, 1 with findings", said)
        status, said = self.tidy()
        self.assertEqual(status, 1)
        self.assertIn("2 files: 1 clean since earlier, 1 looked at, 1 with findings", said)
        self.write("shared/b.cpp", CLEAN)
        self.assertEqual(self.tidy()[0], 0)
        self.assertIn("2 files: 2 clean since earlier, 0 looked at", self.tidy()[1])

    def test_tidy_looks_again_when_something_it_read_changed(self):
        self.write("shared/a.h", HEADER)
        self.write("shared/a.cpp", '#include "a.h"\n' + CLEAN)
        self.assertEqual(self.tidy()[0], 0)
        self.write("shared/a.h", HEADER.replace("int answer", "int Bad_Name"))
        self.assertEqual(self.tidy()[0], 1)
        self.write("shared/a.h", HEADER)
        self.assertIn("1 clean since earlier", self.tidy()[1])
        self.write(".clang-tidy", (self.tree / ".clang-tidy").read_text(encoding="utf-8") + "\n")
        self.assertIn("1 looked at", self.tidy()[1])

    def test_tidy_says_what_it_did_not_reach(self):
        self.write("shared/a.cpp", CLEAN)
        status, said = self.tidy("--seconds", "-1")
        self.assertEqual(status, 0)
        self.assertIn("1 files were not reached", said)
        self.assertIn("1 looked at", self.tidy("--seconds", "-1", "--all")[1])

    def test_tidy_of_nothing_is_no_success(self):
        (self.build / "compile_commands.json").write_text("[]", encoding="utf-8")
        self.assertEqual(self.tidy()[0], 1)

    def test_qmllint(self):
        def lint():
            return self.run_tool("qml.py", "--tree", str(self.tree), "--build", str(self.build))[0]
        self.write("shared/A.qml", QML)
        self.assertEqual(lint(), 0)
        self.write("shared/A.qml", QML.replace("width: 10", "width: notThere"))
        self.assertEqual(lint(), 1)


if __name__ == "__main__":
    unittest.main()
