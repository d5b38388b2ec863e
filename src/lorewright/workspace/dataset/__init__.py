"""Examples and held-out questions: read, divided, edited, versioned, imported."""
