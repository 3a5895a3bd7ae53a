"""Hartmann's function of six variables in [0, 1]; its minimum is -3.32237."""

import json
import math
import sys

ALPHA = (1.0, 1.2, 3.0, 3.2)
A = (
    (10, 3, 17, 3.5, 1.7, 8),
    (0.05, 10, 17, 0.1, 8, 14),
    (3, 3.5, 1.7, 10, 17, 8),
    (17, 8, 0.05, 10, 0.1, 14),
)
P = (
    (0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886),
    (0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991),
    (0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650),
    (0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381),
)


def hartmann(x):
    return -sum(alpha * math.exp(-sum(a * (value - p) ** 2 for a, value, p in zip(row_a, x, row_p)))
                for alpha, row_a, row_p in zip(ALPHA, A, P))


if __name__ == "__main__":
    if len(sys.argv) != 7:
        sys.exit("usage: hartmann.py X1 X2 X3 X4 X5 X6")
    print(json.dumps({"value": hartmann([float(text) for text in sys.argv[1:]])}))
