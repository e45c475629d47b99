"""From template to paper: questions, exams, papers and what counts as right."""
