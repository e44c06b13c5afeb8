"""JupyterLab's own command line, which shuts down when the process that started it ends."""

import signal
import sys

import no_grammar  # noqa: F401
from end_with_parent import end_with_parent

if __name__ == "__main__":
    end_with_parent(signal.SIGTERM)
    from jupyterlab.labapp import main

    sys.exit(main())
