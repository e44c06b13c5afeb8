"""Runs programs of this folder: prints what each yields, as JSON."""
import json
import sys
from importlib import import_module

print(json.dumps({name: list(import_module(name).main()) for name in sys.argv[1:]}))
