"""What is out of date, and the executor that does it."""
