"""Routes: one file a page, with what it shows as a dataclass and what it can be asked to do."""
