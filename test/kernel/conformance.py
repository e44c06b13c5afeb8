"""Jupyter's own conformance tests for kernels; prints each test's outcome as a JSON object."""

import json
import sys
import unittest

import jupyter_kernel_test
from jupyter_kernel_test import IopubWelcomeTests, KernelTests

# Seconds for a message on a machine that is busy with other things.
PATIENCE = 600


def patient(get_msg):
    """Waits longer for a message than the tests would."""
    return lambda timeout=None: get_msg(timeout=PATIENCE)


SHOW = "(globalThis as any)[Symbol.for('tandem.kernel')]"


class Conformance(KernelTests):
    kernel_name = "tandem"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [
        {"text": "Number.isSaf", "matches": {"isSafeInteger"}},
        {"text": "JSON.str", "matches": {"stringify"}},
    ]
    complete_code_samples = ["1", "const a = 1;", "function f() {\n  return 1;\n}", "", "// a comment"]
    incomplete_code_samples = ["function f() {", "[1, 2,", "const t = `one", "f(1,"]
    invalid_code_samples = ["const = 2;", "let a b c", "1 +* 2;\n"]
    code_generate_error = "throw new Error('no')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "'a'.repeat(3)", "result": "aaa"},
        {"code": "[1, 2]", "result": "[ 1, 2 ]"},
        {"code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>b</b>' }) })",
         "mime": "text/html", "result": "<b>b</b>"},
    ]
    code_display_data = [
        {"code": f"{SHOW}.display({{ data: {{ '{mime}': 'x' }}, metadata: {{}} }}, false);", "mime": mime}
        for mime in ("text/html", "text/markdown", "image/svg+xml", "application/vnd.plotly.v1+json")
    ]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = f"{SHOW}.clearOutput();"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for channel in (cls.kc.shell_channel, cls.kc.iopub_channel):
            channel.get_msg = patient(channel.get_msg)

    def flush_channels(self):
        """Reads what is left of earlier requests: all that comes before a new one has been answered."""
        request = self.kc.kernel_info()
        for channel, last in ((self.kc.shell_channel, {"status": "ok"}),
                              (self.kc.iopub_channel, {"execution_state": "idle"})):
            message = {"parent_header": {}}
            while message["parent_header"].get("msg_id") != request or not last.items() <= message["content"].items():
                message = channel.get_msg()
                jupyter_kernel_test.validate_message(message)


class Welcome(IopubWelcomeTests):
    kernel_name = "tandem"
    support_iopub_welcome = True


class Outcomes(unittest.TestResult):
    """Collects what became of each test."""

    def __init__(self):
        super().__init__()
        self.outcomes = {}

    def note(self, test, outcome):
        name = test.id().rpartition(".")[2] if "test_" in test.id() else test.id()
        self.outcomes[name] = outcome

    def addSuccess(self, test):
        self.note(test, "passed")

    def addError(self, test, error):
        self.note(test, self._exc_info_to_string(error, test))

    addFailure = addError

    def addSkip(self, test, reason):
        self.note(test, f"skipped: {reason}")

    def addSubTest(self, test, subtest, error):
        if error is not None:
            self.addError(test, error)


def main():
    suite = unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (Conformance, Welcome))
    outcomes = Outcomes()
    suite.run(outcomes)
    json.dump(outcomes.outcomes, sys.stdout)


main()
