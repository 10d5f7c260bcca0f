"""Other people's files, one folder each."""
