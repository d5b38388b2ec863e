"""Train the judge that ships: what it learns from, how, and how it is measured."""
