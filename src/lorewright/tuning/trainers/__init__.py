"""Trainers, one file each; only here are torch and transformers loaded."""
