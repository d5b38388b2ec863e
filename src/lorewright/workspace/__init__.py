"""Use cases: the one place where domains, storage and jobs meet."""
