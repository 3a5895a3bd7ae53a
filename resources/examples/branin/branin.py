"""Branin's function of x1 in [-5, 10] and x2 in [0, 15]; its minimum is 0.397887 at three points."""

import json
import math
import sys


def branin(x1, x2):
    b = 5.1 / (4 * math.pi**2)
    c = 5 / math.pi
    t = 1 / (8 * math.pi)
    return (x2 - b * x1**2 + c * x1 - 6) ** 2 + 10 * (1 - t) * math.cos(x1) + 10


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: branin.py X1 X2")
    print(json.dumps({"value": branin(float(sys.argv[1]), float(sys.argv[2]))}))
