#!/usr/bin/env python3
"""resources/schema/study.schema.json accepts what Alidade reads and refuses what it refuses by shape alone."""

import copy
import json
import pathlib
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[3]


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


class StudySchema(unittest.TestCase):
    def setUp(self):
        schema = load(ROOT / "resources/schema/study.schema.json")
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)
        self.example = load(ROOT / "tests/data/design_example.json")

    def test_accepts_real_studies(self):
        paths = sorted((ROOT / "resources/examples").glob("*/study.json"))
        self.assertGreaterEqual(len(paths), 4)
        for path in paths:
            self.validator.validate(load(path))
        self.validator.validate(self.example)
        for belief in [
                {"about": "optimum", "parameter": "lr", "confidence": 0.5,
                 "density": {"family": "normal", "center": 1e-3, "spread": 0.5, "high": 0.01}},
                {"about": "best_value", "objective": "loss", "density": {"family": "bounds", "low": 0.1}},
                {"about": "good_points", "points": [{"lr": 1e-3}], "spread": 0.05},
                {"about": "trend", "objective": "loss", "parameter": "lr", "direction": "falls", "to": 0.01}]:
            self.validator.validate({**self.example, "beliefs": [belief]})
        self.validator.validate({**self.example, "strategy": {"beliefs": "colabo"}})
        self.validator.validate({**self.example, "strategy": {"sources": ["../older.alidade"]}})
        self.validator.validate({**self.example, "environment": [
            {"parameter": "lr", "density": {"family": "uniform", "low": 1e-4, "high": 1e-3}}]})

    def test_refuses(self):
        # The same places and values are refused by the reader: tst_study_json.
        for pointer, value in [
                ("alidade", 2), ("parameters/0/low", "x"), ("parameters/0/scale", "lgo"), ("parameters/0/lwo", 1),
                ("parameters/0/name", "a b"), ("parameters/1/step", 0), ("parameters/2/choices", [16]),
                ("parameters/2/choices", [16, 16.0]), ("objectives", []), ("objectives/0/goal", "minimum"),
                ("objectives/0/desirability/shape", "mni"), ("outcome_constraints/0/upper", None),
                ("beliefs/0/density/spread", -1), ("strategy/method", "magic"), ("strategy/batch", 0),
                ("strategy/batch", 1.5), ("strategy/beta", -1), ("strategy/epsilon", 1.5),
                ("strategy/exploration", "everywhere"), ("runner/timeout_s", -1), ("runner/comand", "x"), ("seed", -1),
                ("strategy/sources", ["a", "a"]), ("strategy/sources", [" "]), ("environment", [{"parameter": "lr"}]),
                ("colour", 1)]:
            study = copy.deepcopy(self.example)
            place = study
            *parents, last = pointer.split("/")
            for key in parents:
                place = place[int(key) if key.isdigit() else key]
            place[last] = value
            self.assertFalse(self.validator.is_valid(study), "%s = %r" % (pointer, value))


if __name__ == "__main__":
    unittest.main()
