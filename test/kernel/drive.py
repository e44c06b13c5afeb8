"""Drives a Tandem kernel over ZeroMQ: reads steps as JSON lines, prints what came back as JSON lines.

A step is {"execute": code, …} with options of the request, {"queue": [code, …]} for requests sent
together, {"interruptAfter": seconds} beside an execute, or {"request": type, "content": {…}} on
the shell channel (or "control": true).
"""

import json
import sys
import threading
import time

from jupyter_client.manager import KernelManager


def collect(client, ids, timeout=60):
    """All iopub messages of some requests, until each has been idle, and their replies."""
    output, replies, waiting = [], {}, set(ids)
    end = time.time() + timeout
    while waiting and time.time() < end:
        try:
            message = client.get_iopub_msg(timeout=1)
        except Exception:
            continue
        parent = message["parent_header"].get("msg_id")
        if parent not in ids:
            continue
        output.append({"parent": ids.index(parent), "type": message["header"]["msg_type"],
                       "content": message["content"]})
        if message["header"]["msg_type"] == "status" and \
                message["content"]["execution_state"] == "idle":
            waiting.discard(parent)
    while len(replies) < len(ids) and time.time() < end:
        try:
            message = client.get_shell_msg(timeout=5)
        except Exception:
            break
        parent = message["parent_header"].get("msg_id")
        if parent in ids:
            replies[ids.index(parent)] = {"type": message["header"]["msg_type"],
                                          "content": message["content"]}
    return {"output": output, "replies": [replies.get(i) for i in range(len(ids))]}


def main():
    manager = KernelManager(kernel_name="tandem")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        step = json.loads(line)
        if "queue" in step:
            ids = [client.execute(code) for code in step["queue"]]
        elif "execute" in step:
            options = {k: v for k, v in step.items() if k in ("silent", "store_history", "stop_on_error")}
            ids = [client.execute(step["execute"], **options)]
        else:
            channel = client.control_channel if step.get("control") else client.shell_channel
            message = client.session.msg(step["request"], step.get("content", {}))
            channel.send(message)
            if step.get("control"):
                reply = client.get_control_msg(timeout=20)
                print(json.dumps({"output": [], "replies": [
                    {"type": reply["header"]["msg_type"], "content": reply["content"]}]}), flush=True)
                continue
            ids = [message["header"]["msg_id"]]
        if "interruptAfter" in step:
            threading.Timer(step["interruptAfter"], manager.interrupt_kernel).start()
        print(json.dumps(collect(client, ids, step.get("timeout", 60)), default=str), flush=True)
    client.shutdown()
    manager.finish_shutdown()
    client.stop_channels()


main()
