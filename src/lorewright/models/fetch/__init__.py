"""Getting a model's files onto this machine: one file per kind of source."""
