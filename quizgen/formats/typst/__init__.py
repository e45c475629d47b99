"""Typst: documents and formulas written as its markup, and the compiler that makes PDF of it."""
