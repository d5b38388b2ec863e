"""HTTP: one file per resource; the only async code in lorewright."""
