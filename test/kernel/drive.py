"""Drives a Tandem kernel over ZeroMQ with Jupyter's own client: `drive.py <kernel> <folder>`.

Reads steps as JSON lines and prints what came back as JSON lines. A step is {"execute": code, …}
with options of the request, {"queue": [code, …]} for requests sent together, or
{"request": type, "content": {…}, "channel": "shell" | "control"}. Beside an execute,
{"interruptAfter": seconds} interrupts as the kernel's spec says, {"interruptAt": type} with the first
message of that type, {"signalAfter": seconds} by SIGINT, and {"during": step} is sent once the cell has
printed something. {"answers": [text, …]} are given to what the cell asks, which is refused without.
{"listenFor": type} gives what comes unasked, up to the first message of that type.
"""

import json
import os
import signal
import sys
import threading
import time
from queue import Empty

from jupyter_client.manager import KernelManager

CHANNELS = {"shell": "shell_channel", "control": "control_channel"}


def described(message):
    header = message["header"]
    return {"type": header["msg_type"], "id": header["msg_id"], "session": header["session"],
            "version": header["version"], "parent": message["parent_header"].get("msg_id"),
            "at": time.time(), "content": message["content"]}


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


def collect(manager, client, step, ids, channels):
    """What came for the requests until each has been idle, and their replies in order of arrival."""
    interrupt_at = step.get("interruptAt")
    output, replies, questions, idle, printed = [], [], [], set(), False
    answers = iter(step.get("answers", []))
    end = time.time() + step.get("timeout", 120)
    wanted = 0 if step.get("noReply") else len(ids)
    while (len(idle) < len(ids) or len(replies) < wanted) and time.time() < end:
        for channel in channels:
            try:
                reply = described(getattr(client, CHANNELS[channel]).get_msg(timeout=0))
                # The client may have asked more than once whether the kernel is ready.
                if reply["parent"] in ids:
                    replies.append(reply)
            except Empty:
                pass
        try:
            questions.append(described(client.get_stdin_msg(timeout=0)))
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
            manager.interrupt_kernel()
            interrupt_at = None
        if message["type"] == "stream" and "during" in step and not printed:
            printed = True
            more, channel = send(client, step["during"])
            ids += more
            wanted += len(more)
            channels.add(channel)
        if message["content"].get("execution_state") == "idle":
            idle.add(message["parent"])
    return {"ids": ids, "output": output, "replies": replies, "questions": questions}


def listen(client, wanted):
    """All iopub messages up to the first of a type."""
    output, end = [], time.time() + 30
    while time.time() < end and not any(message["type"] == wanted for message in output):
        try:
            output.append(described(client.get_iopub_msg(timeout=0.02)))
        except Empty:
            pass
    return {"ids": [], "output": output, "replies": []}


def main():
    kernel, folder = sys.argv[1:]
    manager = KernelManager(kernel_name=kernel)
    started = time.time()
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    print(json.dumps({"pid": manager.provisioner.pid, "seconds": time.time() - started}), flush=True)
    for line in sys.stdin:
        step = json.loads(line)
        sent = time.time()
        if "listenFor" in step:
            print(json.dumps(listen(client, step["listenFor"]), default=str), flush=True)
            continue
        ids, channel = send(client, step)
        timers = []
        if "interruptAfter" in step:
            timers.append(threading.Timer(step["interruptAfter"], manager.interrupt_kernel))
        if "signalAfter" in step:
            timers.append(threading.Timer(step["signalAfter"], os.kill,
                                          (manager.provisioner.pid, signal.SIGINT)))
        for timer in timers:
            timer.start()
        result = collect(manager, client, step, ids, {channel})
        # On a busy machine a timer comes late, and must not meet the next cell.
        for timer in timers:
            timer.join()
        result["seconds"] = time.time() - sent
        result["heartbeat"] = client.hb_channel.is_beating()
        print(json.dumps(result, default=str), flush=True)
    if manager.is_alive():
        manager.shutdown_kernel()
    client.stop_channels()


main()
