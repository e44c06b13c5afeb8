"""The wheel's list of operators, as torchgen has them.

torchgen reads native_functions.yaml with PyYAML, which torch itself doesn't need and so may be absent. The
file keeps to a small part of YAML: a list of records whose values are texts, booleans, lists in one line and records.
"""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

try:
    import yaml  # noqa: F401
except ImportError:
    # torchgen's modules name these classes when they are loaded.
    sys.modules["yaml"] = types.ModuleType("yaml")
    sys.modules["yaml"].SafeLoader = sys.modules["yaml"].SafeDumper = object

import torchgen
from torchgen.gen import parse_native_yaml_struct
from torchgen.model import NativeFunction

FOLDER = Path(torchgen.__file__).parent / "packaged/ATen/native"


def value(text: str, line: int):
    if text in ("True", "False"):
        return text == "True"
    if text[:1] == "[":
        return [item.strip(" '\"") for item in text.strip("[]").split(",")]
    return {"__line__": line} if text == "{}" else text


def records(text: str) -> list[dict]:
    """The records of native_functions.yaml, each with its line, as torchgen's own loader has them."""
    found: list[dict] = []
    for number, line in enumerate(text.split("\n"), 1):
        line = re.sub(r"(^|\s+)#.*", "", line).rstrip()
        if not line:
            continue
        indent = len(line) - len(line.lstrip(" -"))
        if line.startswith("- "):
            found.append({"__line__": number})
        elif line.lstrip().startswith("- "):
            # A list below a key, of which torchgen takes nothing but that it is one.
            last = found[-1][key] = found[-1][key] or []
            last.append(line.lstrip(" -"))
            continue
        name, _, rest = line.lstrip(" -").partition(":")
        if indent == 2:
            key = name
            found[-1][key] = value(rest.strip(), number)
        else:
            found[-1][key] = {**(found[-1][key] or {"__line__": number}), name: rest.strip()}
    return found


def native_functions() -> list[NativeFunction]:
    tags = re.findall(r"^- tag: (\w+)", (FOLDER / "tags.yaml").read_text(), re.MULTILINE)
    path = FOLDER / "native_functions.yaml"
    return parse_native_yaml_struct(records(path.read_text()), set(tags), path=str(path)).native_functions
