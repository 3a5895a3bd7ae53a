"""Conversion (%) and thermal activity of a chemical reaction at coded time, temperature and catalyst.

Second-order models fitted to a central composite design: Myers & Montgomery, Response Surface Methodology (1995),
the worked example of Derringer and Suich's desirability in M. Kuhn's R package "desirability" and in arXiv 2503.23595
(whose printed equations show a plus before every term; these are the signs of the fitted models).
"""

import json
import sys


def conversion(time, temperature, catalyst):
    return (
        81.09
        + 1.0284 * time
        + 4.043 * temperature
        + 6.2037 * catalyst
        - 1.8366 * time**2
        + 2.9382 * temperature**2
        - 5.1915 * catalyst**2
        + 2.2150 * time * temperature
        + 11.375 * time * catalyst
        - 3.875 * temperature * catalyst
    )


def activity(time, temperature, catalyst):
    return (
        59.85
        + 3.583 * time
        + 0.2546 * temperature
        + 2.2298 * catalyst
        + 0.83479 * time**2
        + 0.07484 * temperature**2
        + 0.05716 * catalyst**2
        - 0.3875 * time * temperature
        - 0.375 * time * catalyst
        + 0.3125 * temperature * catalyst
    )


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: reaction.py TIME TEMPERATURE CATALYST")
    settings = [float(text) for text in sys.argv[1:]]
    print(json.dumps({"conversion": conversion(*settings), "activity": activity(*settings)}))
