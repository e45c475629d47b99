"""A question as a local page that is drawn anew at each save: for authors, who see key, mistakes and errors at once."""
