"""Counts Python programs by the rule of `countTypeScript` in code.ts: the lines of code, and the
distinct names of the framework that it uses."""

import ast
import io
import json
import sys
import tokenize
from pathlib import Path

FRAMEWORKS = {"torch", "tensorflow", "keras"}
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}


def lines(source, tree):
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            found.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.difference_update(range(node.lineno, node.end_lineno + 1))
    return len(found)


def root(node):
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


class Concepts(ast.NodeVisitor):
    def __init__(self):
        self.found = set()
        self.foreign = set()
        self.given = False

    def imported(self, module, names):
        if module.split(".")[0] in FRAMEWORKS:
            self.found.update(module.split("."))
            self.found.update(alias.name for alias in names)
        else:
            self.foreign.update(alias.asname or alias.name for alias in names)

    def visit_Import(self, node):
        for alias in node.names:
            if alias.name.split(".")[0] in FRAMEWORKS:
                self.found.update(alias.name.split("."))
            else:
                self.foreign.add(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node):
        self.imported(node.module or "", node.names)

    def is_foreign(self, node):
        start = root(node)
        return isinstance(start, ast.Name) and start.id in self.foreign

    def visit_Attribute(self, node):
        if not self.is_foreign(node):
            self.found.add(node.attr)
        self.generic_visit(node)

    def visit_Call(self, node):
        self.visit(node.func)
        before, self.given = self.given, not self.is_foreign(node)
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if self.given and keyword.arg:
                self.found.add(keyword.arg)
            self.visit(keyword.value)
        self.given = before

    def visit_Lambda(self, node):
        before, self.given = self.given, False
        self.generic_visit(node)
        self.given = before

    def visit_Constant(self, node):
        if self.given and isinstance(node.value, str):
            self.found.add(node.value)


def count(path):
    source = Path(path).read_text()
    tree = ast.parse(source)
    concepts = Concepts()
    concepts.visit(tree)
    return {"lines": lines(source, tree), "concepts": sorted(concepts.found)}


print(json.dumps([count(path) for path in sys.argv[1:]]))
