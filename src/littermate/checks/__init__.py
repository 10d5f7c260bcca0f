"""Rules of good practice, one registered function each."""
