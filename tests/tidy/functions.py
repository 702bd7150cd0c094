# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
"""The functions of a source file and their lengths, near enough for a limit: C++ by braces, Python by its parser.

A C++ function is a brace block directly in a file, namespace or class whose text before the brace has a parameter list.
Lambdas and blocks inside count as part of it.
"""

import ast
import re

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b[^()=]*$|\bextern\s*$")
_NOISE = re.compile(r"\[\[.*?\]\]|\b(alignas|__attribute__|requires)\s*\([^()]*\)", re.S)
_TOKENS = re.compile(
    r'R"(?P<mark>[^()\s]{0,16})\(.*?\)(?P=mark)"'  # raw strings
    r'|//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"
    r'|^[ \t]*\#(?:\\\n|[^\n])*',
    re.S | re.M)


def _blank(text: str) -> str:
    """The text without comments, strings and directives, every line where it was."""
    return _TOKENS.sub(lambda match: "\n" * match.group().count("\n"), text)


def _without_angles(head: str) -> str:
    """The head without template parameters and arguments, which may hold parentheses."""
    while (inner := re.sub(r"<[^<>]*>", "", head)) != head:
        head = inner
    return head


def _is_function(head: str) -> bool:
    if "(" not in head:
        return False
    assigned = re.search(r"(?<![=!<>+\-*/|&^])=(?!=)", head.split("operator")[0])
    return not assigned or re.search(r"\[[^\]]*\]\s*\(", head) is not None


def _cpp(text: str):
    code = _blank(text)
    # What encloses the current place: (is it a scope, where did its head begin, is it a function, its head).
    stack = [(True, 0, False, "")]
    start = 0
    for match in re.finditer(r"[{};]", code):
        at, mark = match.start(), match.group()
        if mark == ";":
            start = match.end() if stack[-1][0] else start
        elif mark == "{":
            head = _NOISE.sub("", code[start:at])
            in_scope = stack[-1][0]
            scope = in_scope and _SCOPE.search(_without_angles(head)) is not None
            stack.append((scope, start, in_scope and not scope and _is_function(head), head))
            if scope:
                start = match.end()
        elif len(stack) > 1:
            scope, began, function, head = stack.pop()
            following = code[match.end():match.end() + 200].lstrip()[:1]
            if function and following in (",", "{") and following:
                start = began  # an initialiser in braces before the body of a constructor
                continue
            if function:
                signature = began + len(code[began:at]) - len(code[began:at].lstrip())
                name = re.search(r"(operator\s*[^\w\s(]+|[~\w:]+)\s*\(", head)
                first = code.count("\n", 0, signature) + 1
                yield (name.group(1) if name else "?"), first, code.count("\n", 0, at) + 2 - first
            if stack[-1][0]:
                start = match.end()


def _python(text: str):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def lengths(name: str, text: str) -> list[tuple[str, int, int]]:
    """(function, first line, number of lines) of a .cpp, .h or .py file; nothing of other files."""
    if name.endswith((".cpp", ".h")):
        return list(_cpp(text))
    if name.endswith(".py"):
        return list(_python(text))
    return []
