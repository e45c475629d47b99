"""The exam for learning platforms: Moodle XML, QTI 2.1 and 3.0, Canvas; each with `expected.json` beside it."""
