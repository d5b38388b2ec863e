"""Examples in, adapter out: recipes, trainers, runs."""
