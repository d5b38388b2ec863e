"""The names of the standard arms, in the order in which they are shown."""

ARMS = ("base", "few-shot", "rag", "rag-few-shot", "tuned", "naive-hybrid", "hybrid")
