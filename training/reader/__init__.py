"""The reader: an adapter of the default chat model that answers from retrieved texts in their own words."""
