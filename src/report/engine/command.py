"""nbconvert's command for notebooks by their exact names; a notebook that fails doesn't stop the others."""

import json
import sys
from pathlib import Path

from nbconvert.nbconvertapp import NbConvertApp
from nbformat import ValidationError


class Command(NbConvertApp):
    """Writes the outcome of each notebook to `<notebook>.outcome.json`: why it failed, and notes on the page."""

    def init_notebooks(self):
        # Brackets, stars and question marks are part of the name.
        self.notebooks = self.extra_args

    def start(self):
        self.failed = False
        super().start()
        if self.failed:
            sys.exit(1)

    def convert_single_notebook(self, notebook_filename, input_buffer=None):
        resources = self.init_single_notebook_resources(notebook_filename)
        try:
            output, resources = self.exporter.from_filename(notebook_filename, resources=resources)
            self.write_single_notebook(output, resources)
            outcome = {"notes": resources.get("notes", [])}
        except Exception as error:
            self.log.exception("Error while converting %r", notebook_filename)
            self.failed = True
            reason = error.message if isinstance(error, ValidationError) else str(error)
            outcome = {"failure": f"{type(error).__name__}: {reason}"}
        Path(f"{notebook_filename}.outcome.json").write_text(json.dumps(outcome), encoding="utf-8")
