"""The main job: measure every arm, compare, advise."""
