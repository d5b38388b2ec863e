"""One file per format: bytes in, Markdown and a title out."""
