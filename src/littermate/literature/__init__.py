"""Other people's results: printed statistics, their consistency, meta-analysis."""
