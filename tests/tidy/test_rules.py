#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""Breaks every rule of rules.py on purpose in a small tree; a rule that nothing here breaks fails the test."""

import pathlib
import tempfile
import unittest

import functions
import rules

SPDX = "{0} SPDX-FileCopyright" "Text: 2026 The Godwit authors\n{0} SPDX-License-" "Identifier: MPL-2.0\n"
CPP = SPDX.format("//")
HASH = SPDX.format("#")
PAGE = "# Room\n\n" + "This folder holds one thing, may include another, and passes its data to a third one. " * 3

GOOD = {
    "CMakeLists.txt": HASH + "add_subdirectory(room)\n",
    "LICENSE": "a text that no rule reads, about a TO" "DO list\n",
    "room/README.md": PAGE,
    "room/CMakeLists.txt": HASH + "godwit_room(room SOURCES Thing.cpp Kind${SYSTEM}.cpp inner/Part.cpp)\n",
    "room/Thing.h": CPP + "#pragma once\nnamespace godwit::room\n{\nclass Thing\n{\n    int m_x = 0;\n};\n}\n",
    "room/Thing.cpp": CPP + '#include "room/Thing.h"\n// never to throw\nint f()\n{\n    return 1;\n}\n',
    "room/KindLinux.cpp": CPP + "int g();\n",
    "room/inner/Part.cpp": CPP + "int h();\n",
    "tests/README.md": PAGE,
    "tests/CMakeLists.txt": HASH + 'add_test(NAME x COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/x_test.sh")\n',
    "tests/x_test.sh": HASH + "exit 0\n",
    "tests/corpus/stanza.xml": "<message>TO" "DO</message>",
}

LONG_BODY = "    f();\n" * 70

# rule: (changes to the good tree, part of the path of the one violation)
BAD = {
    "limits": [
        ({"server/config/Limits.h": CPP + "#pragma once\nstruct Limits {\n    std::uint64_t depthMax = 64;\n};\n",
          "server/README.md": PAGE, "server/config/README.md": PAGE},
         "server/config/Limits.h"),
    ],
    "licence-header": [
        ({"room/Thing.cpp": "int f();\n"}, "room/Thing.cpp"),
        ({"room/Thing.cpp": CPP.replace("MPL", "GPL")}, "room/Thing.cpp"),
        ({"tool": "#!/bin/sh\nexit 0\n"}, "tool"),
    ],
    "file-length": [
        ({"room/Thing.cpp": CPP + "int a;\n" * 799}, "room/Thing.cpp"),
        ({"room/CMakeLists.txt": HASH + "godwit_room(room SOURCES Thing.cpp KindLinux.cpp inner/Part.cpp Page.qml)\n",
          "room/Page.qml": CPP + "// line\n" * 199}, "room/Page.qml"),
    ],
    "function-length": [
        ({"room/Thing.cpp": CPP + "int f()\n{\n" + LONG_BODY + "}\n"}, "room/Thing.cpp:3:"),
        ({"room/Thing.h": CPP + "#pragma once\nclass A\n{\n    int f()\n    {\n" + LONG_BODY + "    }\n};\n"}, "room/Thing.h:6:"),
        ({"tool.py": HASH + "def f():\n" + LONG_BODY.replace("f();", "f()")}, "tool.py:3:"),
    ],
    "unfinished": [
        ({"room/Thing.cpp": CPP + "// TO" "DO: more\n"}, "room/Thing.cpp:3:"),
        ({"room/README.md": PAGE + "FIX" "ME\n"}, "room/README.md:3:"),
    ],
    "places": [
        ({"room/README.md": PAGE + "\nsee https://registry.npm" "js.org/x\n"}, "room/README.md:4:"),
        ({"tests/x_test.sh": HASH + "cat /ro" "ot/.netrc\n"}, "tests/x_test.sh:3:"),
        ({"tests/x_test.sh": HASH + "cat /home/" "somebody/file\n"}, "tests/x_test.sh:3:"),
    ],
    "readme": [
        ({"room/README.md": None}, "room/README.md"),
        ({"room/README.md": "# Room\n"}, "room/README.md"),
        ({"room/deep/CMakeLists.txt": HASH + "godwit_room(deep SOURCES a.cpp)\n"}, "room/deep/README.md"),
        ({"other/file.txt": "text\n"}, "other/README.md"),
    ],
    "include-guard": [({"room/Thing.h": CPP + "class A;\n"}, "room/Thing.h")],
    "no-exceptions": [({"room/Thing.cpp": CPP + "int f()\n{\n    throw 1;\n}\n"}, "room/Thing.cpp:5:")],
    "no-sleeps": [
        ({"tests/unit/README.md": PAGE, "tests/unit/CMakeLists.txt": HASH + "tst_x.cpp\n",
          "tests/unit/tst_x.cpp": CPP + "void f()\n{\n    QTest::q" "Wait(100);\n}\n"}, "tests/unit/tst_x.cpp:5:"),
    ],
    "registered": [
        ({"room/Lost.cpp": CPP + "int l();\n"}, "room/Lost.cpp"),
        ({"room/inner/Kind.cpp": CPP + "int l();\n"}, "room/inner/Kind.cpp"),
        ({"tests/y_test.sh": HASH + "exit 1\n"}, "tests/y_test.sh"),
        ({"tests/qml/tst_button.qml": CPP + "Item {}\n"}, "tests/qml/tst_button.qml"),
    ],
}


def promises(numbers: str) -> dict[str, str | None]:
    """A tree with one test that carries these rules."""
    return {"tests/interop/CMakeLists.txt": HASH + "test_a.py\n",
            "tests/interop/test_a.py": HASH + f'class A:\n    def test_it(self):\n        """{numbers}."""\n'}


ALL_RULES = "Rules 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 and 17"
BAD["delivery-rules"] = [
    (promises(ALL_RULES.replace(" 9,", "")), "tests/README.md"),
    (promises(ALL_RULES + ". Rule 18"), "tests/interop/test_a.py"),
    # A number in a file that is no test carries nothing, and neither does one in a comment of no function.
    ({**promises(ALL_RULES.replace(" 9,", "")), "tests/interop/help.py": HASH + '"""Rule 9."""\n'}, "tests/README.md"),
    ({**promises(ALL_RULES.replace(" 9,", "")), "tests/unit/CMakeLists.txt": HASH + "tst_a.cpp\n",
      "tests/unit/tst_a.cpp": CPP + "/// Rule 9.\nint a;\n"}, "tests/README.md"),
]

LIMITS = {"server/README.md": PAGE, "server/CMakeLists.txt": HASH + "config/Limits.cpp\n",
          "server/config/Limits.cpp": CPP + 'table[] = {\n    {"letters_max", count(&Limits::letters, 1, 9),\n};\n',
          "tests/interop/CMakeLists.txt": HASH + "test_a.py test_b.py\n",
          "tests/interop/test_a.py": promises(ALL_RULES)["tests/interop/test_a.py"]}
BAD["limits-tested"] = [
    (LIMITS, "server/config/Limits.cpp:4:"),
    ({**LIMITS, "tests/interop/test_b.py": HASH + "more_letters_max = 1\n"}, "server/config/Limits.cpp:4:"),
]


class Rules(unittest.TestCase):
    def violations(self, changes: dict[str, str | None]) -> list[str]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**GOOD, **changes}.items():
                if text is not None:
                    path = pathlib.Path(folder, name)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
            return rules.check(pathlib.Path(folder))

    def test_good_tree_passes(self):
        self.assertEqual(self.violations({}), [])

    def test_delivery_rules_are_found_in_both_languages(self):
        self.assertEqual(self.violations(promises(ALL_RULES)), [])
        self.assertEqual(self.violations({
            **promises(ALL_RULES.replace(" 9,", "")), "tests/unit/CMakeLists.txt": HASH + "tst_a.cpp\n",
            "tests/unit/tst_a.cpp": CPP + "/// Rule 9: what came back.\nvoid A::b()\n{\n}\n"}), [])
        self.assertEqual(self.violations({
            **promises(ALL_RULES.replace(" 9,", "")), "tests/unit/CMakeLists.txt": HASH + "Suite.cpp\n",
            "tests/unit/Suite.cpp": CPP + "void A::rule9_whatCameBack()\n{\n}\n"}), [])

    def test_a_limit_is_named_by_its_test(self):
        self.assertEqual(self.violations({**LIMITS, "tests/interop/test_b.py": HASH + '"""letters_max"""\n'}), [])

    def test_every_rule_is_broken_here(self):
        self.assertEqual(set(BAD), set(rules.RULES))

    def test_bad_trees_fail(self):
        for name, cases in BAD.items():
            for changes, place in cases:
                with self.subTest(rule=name, place=place):
                    found = self.violations(changes)
                    self.assertEqual(len(found), 1, found)
                    self.assertTrue(found[0].startswith(place), found)
                    self.assertIn(f": {name}: ", found[0])


class FunctionLengths(unittest.TestCase):
    def found(self, text: str) -> list[tuple[str, int]]:
        return [(name, lines) for name, _, lines in functions.lengths("a.cpp", text)]

    def test_kinds_of_functions(self):
        for text, expected in [
            ("int f()\n{\n}\n", [("f", 3)]),
            ("namespace a\n{\nvoid B::c(int x) const noexcept\n{\n    if (x) {\n    }\n}\n}\n", [("B::c", 5)]),
            ("class A\n{\n    A() : m_a{1}, m_b(2)\n    {\n    }\n};\n", [("A", 3)]),
            ("A::A()\n    : m_a{1},\n      m_b{2}\n{\n}\n", [("A::A", 5)]),
            ("auto f() -> std::map<int, int>\n{\n    return {};\n}\n", [("f", 4)]),
            ("template <class R, class... A> class F<R(A...)>\n{\n    R call(A... a)\n    {\n    }\n};\n", [("call", 3)]),
            ("bool operator==(A a, A b)\n{\n}\n", [("operator==", 3)]),
            ("int f() { return '{'; } // {\nint g()\n{\n    return R\"x({{)x\"[0];\n}\n", [("f", 1), ("g", 4)]),
            ("auto f = [](int a) {\n    return a;\n};\n", [("?", 3)]),
        ]:
            with self.subTest(text=text):
                self.assertEqual(self.found(text), expected)

    def test_what_is_no_function(self):
        for text in ["const int a[] = {\n1,\n2,\n};\n", "enum class A : int {\nB,\n};\n", "struct A\n{\n    int x;\n};\n",
                     "const auto table = makeTable({\n{1, 2},\n});\n", 'extern "C" {\nint f();\n}\n']:
            with self.subTest(text=text):
                self.assertEqual(self.found(text), [])


if __name__ == "__main__":
    unittest.main()
