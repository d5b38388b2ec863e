"""One screen, one file; each has a function that shows it to a visit."""
