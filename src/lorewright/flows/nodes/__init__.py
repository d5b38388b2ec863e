"""The kinds of nodes, one file each; loaded by name from `lorewright.flows.kinds`."""
