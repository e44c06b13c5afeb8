"""Lets papermill set the parameters of TypeScript and JavaScript notebooks: `papermill -p rate 0.1`."""

import json
import math
import re

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# The entry point names this engine, so that papermill loads this module.
Engine = NBClientEngine

IDENTIFIER = re.compile(r"[^\W\d][\w$]*|[$][\w$]*")
RESERVED = set(
    "await break case catch class const continue debugger default delete do else enum export extends false "
    "finally for function if implements import in instanceof interface let new null package private protected "
    "public return static super switch this throw true try typeof var void while with yield".split()
)
# The largest integer up to which JavaScript numbers are exact.
LARGEST = 2**53 - 1
DECLARATION = re.compile(
    r"^\s*(?:export\s+)?(?:let|const|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.*?);?\s*(?://\s*(.*))?$", re.MULTILINE
)


class TypeScriptTranslator(Translator):
    """Writes parameters as declarations, which take the place of those in the cell tagged `parameters`."""

    @classmethod
    def translate_escaped_str(cls, val):
        return json.dumps(str(val), ensure_ascii=False)

    @classmethod
    def translate_none(cls, val):
        return "null"

    @classmethod
    def translate_int(cls, val):
        return f"{val}n" if abs(val) > LARGEST else str(val)

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(val)
        return "NaN" if math.isnan(val) else "Infinity" if val > 0 else "-Infinity"

    @classmethod
    def translate_dict(cls, val):
        return "{" + ", ".join(f"{cls.translate_str(key)}: {cls.translate(item)}" for key, item in val.items()) + "}"

    @classmethod
    def translate_list(cls, val):
        return "[" + ", ".join(cls.translate(item) for item in val) + "]"

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}"

    @classmethod
    def assign(cls, name, str_val):
        if not IDENTIFIER.fullmatch(name) or name in RESERVED:
            raise PapermillException(f"'{name}' can't be a parameter: it is not a name that a variable can have.")
        return f"let {name} = {str_val};"

    @classmethod
    def inspect(cls, parameters_cell):
        return [
            Parameter(name=name, inferred_type_name=kind or "None", default=default, help=words or "")
            for name, kind, default, words in DECLARATION.findall(parameters_cell["source"])
        ]


for language in ("typescript", "javascript"):
    papermill_translators.register(language, TypeScriptTranslator)
