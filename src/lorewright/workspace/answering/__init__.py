"""Who answers under a model's name, the answer itself, and what people thought of it."""
