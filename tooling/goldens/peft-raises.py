"""Writes tooling/checks/peft-raises.json: every error that PEFT raises in its LoRA, its configuration and what these use,
with the place and the text. Values in a text are "…". tooling/checks/peft-errors.test.ts asks docs/peft-errors.md for each.

Usage: python tooling/goldens/peft-raises.py      (peft 0.21)
"""

import ast
import json
import pathlib

import peft

SOURCES = pathlib.Path(peft.__file__).parent
PATH = pathlib.Path(__file__).parents[1] / "checks/peft-raises.json"
FILES = [
    *sorted(SOURCES.glob("tuners/lora/*.py")),
    SOURCES / "tuners/tuners_utils.py",
    SOURCES / "tuners/trainable_tokens/layer.py",
    SOURCES / "config.py",
    *sorted(SOURCES.glob("mapping*.py")),
    SOURCES / "helpers.py",
    SOURCES / "peft_model.py",
    *sorted(SOURCES.glob("utils/*.py")),
]


def text_of(node, function, line):
    """The text of an expression; of a name, what the function gave it last before the line."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.BinOp):
        return text_of(node.left, function, line) + text_of(node.right, function, line)
    if isinstance(node, ast.List):
        return text_of(node.elts[0], function, line)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
        return text_of(node.args[0], function, line)
    if isinstance(node, ast.Name) and function is not None:
        given = [
            inner
            for inner in ast.walk(function)
            if isinstance(inner, ast.Assign)
            and inner.lineno < line
            and any(isinstance(target, ast.Name) and target.id == node.id for target in inner.targets)
        ]
        if given:
            return text_of(max(given, key=lambda inner: inner.lineno).value, None, line)
    return "…"


def raises(path):
    def walk(node, names, function):
        for child in ast.iter_child_nodes(node):
            inside, within = names, function
            if isinstance(child, (ast.FunctionDef, ast.ClassDef)):
                inside = [*names, child.name]
                within = child if isinstance(child, ast.FunctionDef) else function
            if isinstance(child, ast.Raise) and isinstance(child.exc, ast.Call) and child.exc.args:
                text = " ".join(text_of(child.exc.args[0], function, child.lineno).split())
                found.append({"place": f"{path.relative_to(SOURCES)} {'.'.join(names)}", "text": text})
            walk(child, inside, within)

    found = []
    walk(ast.parse(path.read_text()), [], None)
    return found


def main():
    """Write the list. The same text at one place counts once."""
    found = [each for path in FILES for each in raises(path)]
    unique = [json.loads(each) for each in dict.fromkeys(json.dumps(each, ensure_ascii=False) for each in found)]
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in unique)
    PATH.write_text(f"[\n{lines}\n]\n")
    print(len(unique), "errors,", PATH.stat().st_size // 1024, "KB")


if __name__ == "__main__":
    main()
