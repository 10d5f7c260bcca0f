"""Before the first animal: allocation, codes, the seal."""
