"""From measured reports to a recommendation: decision tree, cost table, head-to-head."""
