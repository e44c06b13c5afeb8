"""nbconvert's own command line, which ends when the process that started it ends."""

import sys

import no_grammar  # noqa: F401
from end_with_parent import end_with_parent

if __name__ == "__main__":
    end_with_parent()
    from command import Command

    sys.exit(Command.launch_instance())
