"""Drives a Tandem kernel over ZeroMQ with Jupyter's own client: `drive.py <kernel> <folder>`.

Reads steps as JSON lines and prints what came back as JSON lines. A step is {"execute": code, …}
with options of the request, {"queue": [code, …]} for requests sent together, or
{"request": type, "content": {…}, "channel": "shell" | "control"}. Once a cell has printed or asked something,
{"interruptAfter": seconds} interrupts it so much later, {"signalAfter": seconds} does by SIGINT, and
{"during": step} is sent; {"release": path} makes that file once the kernel has answered the latter and its
heart has beaten. {"interruptAt": type} interrupts with the first message of that type.
{"answers": [text, …]} are given to what the cell asks, which is refused without.
{"listenFor": type} gives what comes unasked, up to the first message of that type.

Nothing here depends on how fast the machine is: PATIENCE only ends what hangs.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from queue import Empty

import zmq
from jupyter_client.manager import KernelManager

CHANNELS = {"shell": "shell_channel", "control": "control_channel"}

# Seconds.
PATIENCE = 600


def described(message):
    header = message["header"]
    return {"type": header["msg_type"], "id": header["msg_id"], "session": header["session"],
            "version": header["version"], "parent": message["parent_header"].get("msg_id"),
            "content": message["content"]}


def send(client, step):
    """Sends a step's requests and returns their ids and the channel of their replies."""
    options = {key: step[key] for key in
               ("silent", "store_history", "stop_on_error", "user_expressions") if key in step}
    options["allow_stdin"] = "answers" in step
    if "queue" in step:
        return [client.execute(code, **options) for code in step["queue"]], "shell"
    if "execute" in step:
        return [client.execute(step["execute"], **options)], "shell"
    channel = step.get("channel", "shell")
    message = client.session.msg(step["request"], step.get("content", {}))
    getattr(client, CHANNELS[channel]).send(message)
    return [message["header"]["msg_id"]], channel


def interrupt(manager, client):
    """Interrupts as the kernel's spec says; the id of the request."""
    assert manager.kernel_spec.interrupt_mode == "message"
    message = client.session.msg("interrupt_request", {})
    client.control_channel.send(message)
    return message["header"]["msg_id"]


def beats(manager):
    """Whether the kernel's heart beats now."""
    with zmq.Context() as context, context.socket(zmq.REQ) as socket:
        socket.linger = 0
        socket.connect(f"tcp://{manager.ip}:{manager.hb_port}")
        socket.send(b"ping")
        return socket.poll(1000 * PATIENCE) != 0 and socket.recv() == b"ping"


def collect(manager, client, step, ids, channel):
    """What came for the requests until each has been idle, and their replies in order of arrival."""
    output, replies, questions, idle, interrupts = [], [], [], set(), set()
    channels, beside, heartbeat, printed = {channel, "control"}, [], None, None
    answers = iter(step.get("answers", []))
    # What is still to be done: seconds after the first output.
    plans = {kind: step[kind] for kind in ("interruptAfter", "signalAfter") if kind in step}
    interrupt_at = step.get("interruptAt")
    end = time.time() + PATIENCE
    wanted = 0 if step.get("noReply") else len(ids)

    def pending():
        # An interrupt that is on its way must not meet the next cell.
        return len(idle) < len(ids) or len(replies) < wanted or plans or interrupts

    while pending() and time.time() < end:
        for kind in [kind for kind, after in plans.items() if printed and time.time() >= printed + after]:
            del plans[kind]
            if kind == "signalAfter":
                os.kill(manager.provisioner.pid, signal.SIGINT)
            else:
                interrupts.add(interrupt(manager, client))
        for name in channels:
            try:
                reply = described(getattr(client, CHANNELS[name]).get_msg(timeout=0))
                interrupts.discard(reply["parent"])
                # The client may have asked more than once whether the kernel is ready.
                if reply["parent"] in ids:
                    replies.append(reply)
                if reply["parent"] in beside and "release" in step:
                    heartbeat = beats(manager)
                    Path(step["release"]).touch()
            except Empty:
                pass
        try:
            questions.append(described(client.get_stdin_msg(timeout=0)))
            printed = printed or time.time()
            answer = next(answers, None)
            if answer is not None:
                client.input(answer)
        except Empty:
            pass
        try:
            message = described(client.get_iopub_msg(timeout=0.02))
        except Empty:
            continue
        if message["parent"] not in ids:
            continue
        output.append(message)
        if message["type"] == interrupt_at:
            interrupts.add(interrupt(manager, client))
            interrupt_at = None
        if message["type"] == "stream" and not printed:
            printed = time.time()
            if "during" in step:
                beside, channel = send(client, step["during"])
                ids += beside
                wanted += len(beside)
                channels.add(channel)
        if message["content"].get("execution_state") == "idle":
            idle.add(message["parent"])
    return {"ids": ids, "output": output, "replies": replies, "questions": questions,
            "heartbeat": heartbeat}


def listen(client, wanted):
    """All iopub messages up to the first of a type."""
    output, end = [], time.time() + PATIENCE
    while time.time() < end and not any(message["type"] == wanted for message in output):
        try:
            output.append(described(client.get_iopub_msg(timeout=0.02)))
        except Empty:
            pass
    return {"ids": [], "output": output, "replies": []}


def started(kernel, folder, tries=3):
    """A kernel that is ready, with its client."""
    manager = KernelManager(kernel_name=kernel)
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
    except RuntimeError:
        # Another kernel may have taken one of the ports that Jupyter chose.
        client.stop_channels()
        if tries == 1:
            raise
        return started(kernel, folder, tries - 1)
    return manager, client


def main():
    kernel, folder = sys.argv[1:]
    manager, client = started(kernel, folder)
    print(json.dumps({"pid": manager.provisioner.pid}), flush=True)
    for line in sys.stdin:
        step = json.loads(line)
        if "listenFor" in step:
            print(json.dumps(listen(client, step["listenFor"]), default=str), flush=True)
            continue
        ids, channel = send(client, step)
        print(json.dumps(collect(manager, client, step, ids, channel), default=str), flush=True)
    if manager.is_alive():
        manager.shutdown_kernel()
    client.stop_channels()


main()
