"""nbconvert's own command line, on a leash: it ends when the process that started it does."""

import sys

from leash import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    from command import Command

    sys.exit(Command.launch_instance())
