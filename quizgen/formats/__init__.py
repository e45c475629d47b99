"""One module per output: what a frozen exam looks like to students and instructors."""
