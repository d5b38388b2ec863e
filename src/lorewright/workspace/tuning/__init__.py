"""Examples to adapters: plan, train, runs."""
