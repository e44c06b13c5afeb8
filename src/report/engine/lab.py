"""JupyterLab's own command line, on a leash: it shuts down when the process that started it ends."""

import signal
import sys

from leash import end_with_parent

if __name__ == "__main__":
    end_with_parent(signal.SIGTERM)
    from jupyterlab.labapp import main

    sys.exit(main())
