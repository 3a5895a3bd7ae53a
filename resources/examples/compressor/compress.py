"""Compresses the corpus once with zstd and prints what it took as one line of JSON."""

import argparse
import json
import os
import subprocess
import sys
import time

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
    # In a process of its own: a program's peak memory starts at that of the program which starts it.
    corpus = subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "corpus.py")],
                            check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    command += ["--stdout", corpus]
    print(" ".join(command), file=sys.stderr)

    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    size = 0
    while block := os.read(process.stdout.fileno(), 1 << 16):
        size += len(block)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit("zstd refused these settings (exit code %d)" % process.returncode)
    print(json.dumps({
        "size": round(size / 2**20, 6),
        "seconds": round(usage.ru_utime + usage.ru_stime, 6),
        "memory": round(usage.ru_maxrss / 1024, 3),  # Linux counts kibibytes
        "wall": round(time.monotonic() - started, 6),
    }))


if __name__ == "__main__":
    main()
