"""Has Python compile, once, what an import of the modules that are named needs: `compile-imports.py <module>…`."""

import importlib
import sys
from importlib.machinery import SourceFileLoader

write = SourceFileLoader.set_data


def write_own(loader, path, data, **options):
    """Nothing is written beside the packages of another environment."""
    if path.startswith(sys.prefix):
        write(loader, path, data, **options)


SourceFileLoader.set_data = write_own
sys.dont_write_bytecode = False
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        print(f"{name}: {error}")
