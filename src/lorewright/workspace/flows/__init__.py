"""The domain's flows by name, drafts of them, and what they run on."""
