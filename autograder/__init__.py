"""From hand-in to report: intake, sandbox, grading, store and reports."""
