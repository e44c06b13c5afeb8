"""Keeps jsonschema from loading a grammar of IRIs, which takes seconds, and which no notebook needs."""

import sys

sys.modules["rfc3987_syntax"] = None
