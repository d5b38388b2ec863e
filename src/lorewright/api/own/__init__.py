"""Routes below `/lorewright/v1`, one file per resource."""
