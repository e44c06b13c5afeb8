"""Times a kernel as a front end meets it: `python kernel.py tandem|python3` prints seconds as JSON."""

import json
import statistics
import sys
import time

from jupyter_client.manager import KernelManager

LANGUAGES = {
    "tandem": {
        "imports": "import * as tf from '@tensorflow/tfjs-node';\nimport * as torch from 'tandem/torch';",
        "cell": "const v{i} = torch.ones([2, 2]).sum();\nv{i}",
        "complete": "torch.nn.",
    },
    "python3": {
        "imports": "import tensorflow as tf\nimport torch",
        "cell": "v{i} = torch.ones([2, 2]).sum()\nv{i}",
        "complete": "torch.nn.",
    },
}
# A notebook's worth of cells, of which the last tell whether a long session gets slower.
CELLS = 40
LAST = 10


def main(name):
    code = LANGUAGES[name]
    started = time.perf_counter()
    manager = KernelManager(kernel_name=name)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    start = time.perf_counter() - started

    def seconds(cell):
        before = time.perf_counter()
        reply = client.execute_interactive(cell, timeout=300, output_hook=lambda message: None)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(reply["content"])
        return time.perf_counter() - before

    first = seconds(code["imports"])
    cells = [seconds(code["cell"].format(i=i)) for i in range(CELLS)]
    before = time.perf_counter()
    client.complete(code["complete"])
    client.get_shell_msg(timeout=60)
    complete = time.perf_counter() - before
    client.stop_channels()
    manager.shutdown_kernel()
    print(json.dumps({
        "start": start,
        "first-cell": first,
        "next-cell": statistics.median(cells[:LAST]),
        "late-cell": statistics.median(cells[-LAST:]),
        "complete": complete,
    }))


main(sys.argv[1])
