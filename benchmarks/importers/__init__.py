"""Public data sets to domain folders, so that the product's own commands run on them."""
