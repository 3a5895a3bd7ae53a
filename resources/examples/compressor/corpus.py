"""Makes the text that the compressor example compresses: the same bytes on every machine.

Only random.Random.random() is drawn from, the one method whose sequence Python promises to keep.
"""

import bisect
import itertools
import os
import random
import sys
import tempfile

VERSION = 1
SIZE = 6 * 1024 * 1024
SEED = 20240217

_ONSETS = ["", "b", "br", "c", "ch", "d", "f", "fl", "g", "gr", "h", "j", "l", "m", "n", "p", "pl", "r", "s",
           "st", "sh", "t", "th", "tr", "v", "w"]
_VOWELS = ["a", "e", "i", "o", "u", "ea", "ou", "ai", "io"]
_CODAS = ["", "", "n", "r", "s", "t", "l", "nd", "ng", "rt", "st", "ck", "m"]
_COMMON = ["the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "as", "with", "by",
           "at", "from", "which", "not", "are", "this", "be", "or", "an"]
_LEVELS = ["DEBUG", "INFO", "INFO", "INFO", "WARN", "ERROR"]
_METHODS = ["GET", "GET", "GET", "POST", "PUT", "DELETE"]


class _Writer:
    def __init__(self, seed):
        self._random = random.Random(seed).random
        words = list(_COMMON)
        known = set(words)
        while len(words) < 12000:
            word = "".join(self._pick(_ONSETS) + self._pick(_VOWELS) + self._pick(_CODAS)
                           for _ in range(1 + int(3 * self._random() ** 1.5)))
            if word not in known:
                known.add(word)
                words.append(word)
        self._words = words
        # Zipf's law: the n-th word is used in proportion to 1 / n.
        self._cumulative = list(itertools.accumulate(1.0 / (rank + 1.5) for rank in range(len(words))))
        self._clock = 1700000000.0

    def _pick(self, choices):
        return choices[int(self._random() * len(choices))]

    def _below(self, limit):
        return int(self._random() * limit)

    def _word(self):
        return self._words[bisect.bisect(self._cumulative, self._random() * self._cumulative[-1])]

    def _prose(self):
        sentences = []
        for _ in range(20 + self._below(40)):
            words = [self._word() for _ in range(5 + self._below(18))]
            if len(words) > 12:
                words[6] += ","
            sentences.append(" ".join(words).capitalize() + ".")
        return " ".join(sentences) + "\n\n"

    def _log(self):
        service = self._word()
        lines = []
        for _ in range(40 + self._below(80)):
            self._clock += self._random() * 3.0
            lines.append("%.3f %-5s %s[%d] %s /%s/%s/%d status=%d bytes=%d id=%08x %s\n" % (
                self._clock, self._pick(_LEVELS), service, 1000 + self._below(40), self._pick(_METHODS),
                service, self._word(), self._below(500), self._pick([200, 200, 200, 304, 404, 500]),
                self._below(65536), self._below(1 << 32), self._word()))
        return "".join(lines)

    def _records(self):
        fields = [self._word() for _ in range(5)]
        return "".join('{"%s": %d, "%s": "%s", "%s": %.4f, "%s": ["%s", "%s"], "%s": null}\n' % (
            fields[0], self._below(100000), fields[1], self._word(), fields[2], self._random(), fields[3],
            self._word(), self._word(), fields[4]) for _ in range(30 + self._below(60)))

    def _revised(self, document):
        """An earlier document with a few words changed, as backups and version histories have them."""
        words = document.split(" ")
        for _ in range(1 + len(words) // 150):
            words[self._below(len(words))] = self._word()
        return " ".join(words)

    def text(self, size):
        documents = []
        length = 0
        while length < size:
            kind = self._random()
            if kind < 0.30 and len(documents) > 50:
                # Old documents come back after distances from some kilobytes to the whole text.
                document = self._revised(documents[self._below(len(documents))])
            elif kind < 0.65:
                document = self._prose()
            elif kind < 0.85:
                document = self._log()
            else:
                document = self._records()
            documents.append(document)
            length += len(document)
        return "".join(documents)[:size].encode("ascii")


def path():
    """Path of the corpus, made at the first call and kept in the user's cache directory."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    directory = os.path.join(base, "alidade")
    target = os.path.join(directory, "corpus-%d.txt" % VERSION)
    if os.path.isfile(target) and os.path.getsize(target) == SIZE:
        return target
    os.makedirs(directory, exist_ok=True)
    print("making the corpus %s" % target, file=sys.stderr)
    # Written aside and renamed, so that several trials may start at once.
    handle, temporary = tempfile.mkstemp(dir=directory, prefix="corpus-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_Writer(SEED).text(SIZE))
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
    return target


if __name__ == "__main__":
    print(path())
