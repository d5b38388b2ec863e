"""Pages of the documentation, and blocks inside pages, that are made from the code."""
