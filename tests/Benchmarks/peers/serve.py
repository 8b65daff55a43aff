"""The loop of a peer: commands come on standard input, answers go out as one line of JSON each.

check      the numbers that ours must agree with
run N      N steps; the answer is the time of one in seconds
"""

import json
import sys
import time


def answer(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def serve(check, run):
    """check() gives a list of floats; run(n) makes n steps."""
    answer({"ready": True})
    for line in sys.stdin:
        command = line.split()
        if command[0] == "check":
            answer({"values": [float(value) for value in check()]})
        elif command[0] == "run":
            steps = int(command[1])
            start = time.perf_counter()
            run(steps)
            answer({"seconds": (time.perf_counter() - start) / steps})
