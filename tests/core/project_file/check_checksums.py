"""Recomputes every checksum of a project as docs/file-format.md defines them, without any code of Alidade.

usage: check_checksums.py FILE..."""
import sqlite3
import struct
import sys

MASK = (1 << 64) - 1
INFINITE = {"+inf": float("inf"), "-inf": float("-inf")}


def integer(value):
    return b"i" + struct.pack("<q", value)


def number(value):
    return b"f" + struct.pack("<d", value + 0.0)


def text(value):
    data = value.encode()
    return b"t" + struct.pack("<Q", len(data)) + data


def row_hash(tag, *fields):
    h = 14695981039346656037
    for byte in tag + b"".join(fields):
        h = (h ^ byte) * 1099511628211 & MASK
    h = (h ^ h >> 30) * 0xBF58476D1CE4E5B9 & MASK
    h = (h ^ h >> 27) * 0x94D049BB133111EB & MASK
    return h ^ h >> 31


def signed(value):
    value &= MASK
    return value - (1 << 64) if value >> 63 else value


def measured(kind, value, noise):
    fields = [number(INFINITE.get(kind, value))]
    return fields + ([number(noise)] if noise is not None else [])


def trial_sum(db, prefix, where, trial):
    def rows(columns, table):
        order = columns.split(", value")[0].split(", step")[0]
        return db.execute(f"SELECT {columns} FROM {prefix}{table} WHERE trial = ? {where} ORDER BY {order}", (trial[0],))

    total = row_hash(b"t", integer(trial[0]), *map(text, trial[1:6]), *map(integer, trial[6:11]))
    mixtures = {}
    for parameter, part, kind, value in rows("parameter, part, kind, value", "trial_value"):
        if part > 0:
            mixtures.setdefault(parameter, []).append(number(INFINITE.get(kind, value)))
            continue
        if kind == "boolean":
            field = b"b" + integer(value)
        else:
            field = {"integer": integer, "text": text}.get(kind, number)(INFINITE.get(kind, value))
        total += row_hash(b"v", integer(parameter), field)
    for parameter, shares in mixtures.items():
        total += row_hash(b"v", integer(parameter), *shares, b"s")
    for measure, kind, value, noise in rows("measure, kind, value, noise_sd", "measurement"):
        if kind != "missing":
            total += row_hash(b"m", integer(measure), *measured(kind, value, noise))
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'slope'").fetchone():
        for measure, parameter, value, noise in rows("measure, parameter, value, noise_sd", "slope"):
            total += row_hash(b"g", integer(measure), integer(parameter), *measured("finite", value, noise))
    for step_number, step in rows("number, step", "step"):
        total += row_hash(b"s", integer(step_number), number(step))
    for step_number, measure, kind, value, noise in rows("number, measure, kind, value, noise_sd", "step_measurement"):
        if kind != "missing":
            total += row_hash(b"r", integer(step_number), integer(measure), *measured(kind, value, noise))
    return signed(total)


HEAD = ("id, state, origin, reason, failure, note, is_excluded, attempt, created_ms, started_ms, finished_ms, "
        "checksum")


def check(path):
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    wrong = []
    checked = 0
    for identifier, checksum, json in db.execute("SELECT id, checksum, json FROM definition"):
        checked += 1
        if signed(row_hash(b"d", json.encode())) != checksum:
            wrong.append(f"definition {identifier}")
    for trial in db.execute(f"SELECT {HEAD} FROM trial").fetchall():
        checked += 1
        if trial_sum(db, "", "", trial) != trial[11]:
            wrong.append(f"trial {trial[0]}")
    for trial in db.execute(f"SELECT {HEAD}, version FROM version_trial").fetchall():
        checked += 1
        if trial_sum(db, "version_", f"AND version = {trial[12]}", trial) != trial[11]:
            wrong.append(f"trial {trial[0]} of version {trial[12]}")
    print(f"{path}: {checked} checksums, {len(wrong)} wrong", *wrong, sep="\n")
    return not wrong and checked > 0


sys.exit(not all([check(path) for path in sys.argv[1:]]))
