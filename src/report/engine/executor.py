"""nbconvert's executor, which also keeps the outputs of a lost kernel."""

import json
import os
from pathlib import Path

import nbformat
from end_with_parent import end_kernel_with
from nbconvert.preprocessors import ExecutePreprocessor
from traitlets import Unicode


class KeepingExecutor(ExecutePreprocessor):
    """Executes as nbconvert does, and writes the notebook so far after each cell and after a lost kernel."""

    so_far = Unicode(help="The file for the notebook so far.").tag(config=True)
    folder = Unicode(help="The notebook's own folder, in which its kernel starts.").tag(config=True)

    events = Unicode(help="The run's file of events, to which the kernel writes too.").tag(config=True)

    def start_new_kernel(self, **kwargs):
        # The kernel leads a session of its own: only this ends it with its parent.
        super().start_new_kernel(preexec_fn=end_kernel_with(os.getpid()), **kwargs)

    def preprocess(self, nb, resources=None, km=None):
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs = []
                cell.execution_count = None
        resources["metadata"]["path"] = self.folder
        return super().preprocess(nb, resources, km)

    def preprocess_cell(self, cell, resources, index):
        try:
            return super().preprocess_cell(cell, resources, index)
        finally:
            if cell.cell_type == "code":
                self._keep()

    async def _async_handle_timeout(self, timeout, cell=None):
        # Told before the interrupt: the kernel's own clock starts later, and can't say whether a cell outlasted this one.
        with Path(self.events).open("a", encoding="utf-8") as events:
            events.write(json.dumps({"event": "time-out"}) + "\n")
        return await super()._async_handle_timeout(timeout, cell)

    def _keep(self) -> None:
        aside = Path(f"{self.so_far}.tmp")
        aside.write_text(nbformat.writes(self.nb), encoding="utf-8")
        aside.replace(self.so_far)
