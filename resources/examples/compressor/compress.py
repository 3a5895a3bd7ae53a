"""Compresses the corpus once with zstd and prints what it took as one line of JSON."""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

import corpus

STRATEGIES = ["fast", "dfast", "greedy", "lazy", "lazy2", "btlazy2", "btopt", "btultra", "btultra2"]

# Option of this program -> advanced option of zstd (see "man zstd", --zstd).
ADVANCED = {
    "window_log": "wlog",
    "hash_log": "hlog",
    "chain_log": "clog",
    "search_log": "slog",
    "min_match": "mml",
    "target_length": "tlen",
    "ldm_hash_log": "lhlog",
    "ldm_min_match": "lmml",
    "ldm_hash_rate_log": "lhrlog",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--level", type=int, default=3)
    parser.add_argument("--strategy", choices=STRATEGIES)
    parser.add_argument("--long", choices=["on", "off"], default="off")
    for name in ADVANCED:
        parser.add_argument("--" + name.replace("_", "-"), type=int)
    arguments = parser.parse_args()

    advanced = []
    if arguments.strategy == "fast" and arguments.target_length is None:
        # Here it means how much data is skipped; a level's own value is made for other strategies.
        arguments.target_length = 1
    if arguments.strategy:
        advanced.append("strat=%d" % (1 + STRATEGIES.index(arguments.strategy)))
    for name, option in ADVANCED.items():
        value = getattr(arguments, name)
        if value is not None:
            advanced.append("%s=%d" % (option, value))
    command = ["zstd", "--single-thread", "--quiet", "-%d" % arguments.level]
    if arguments.long == "on":
        command.append("--long" if arguments.window_log is None else "--long=%d" % arguments.window_log)
    if advanced:
        command.append("--zstd=" + ",".join(advanced))
    command += ["--stdout", corpus.path()]
    print(" ".join(command), file=sys.stderr)

    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    size = 0
    while block := os.read(process.stdout.fileno(), 1 << 16):
        size += len(block)
    if process.wait() != 0:
        sys.exit("zstd refused these settings (exit code %d)" % process.returncode)
    wall = time.monotonic() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({
        "size": size / 2**20,
        "seconds": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,  # Linux counts kibibytes
        "wall": wall,
    }))


if __name__ == "__main__":
    main()
