"""Runs an example's twin: prints its losses and its last words as JSON."""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))


def run(train):
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    training = train(args.steps, args.seed)
    losses = []
    while True:
        try:
            losses.append(next(training))
        except StopIteration as end:
            print(json.dumps({"losses": losses, "result": end.value}))
            return
