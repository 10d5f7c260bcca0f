"""A study with known truth: cohort, swim scene, field scene, blot, plate."""
