"""What the numbers of a paper show besides their tests: one registered function a rule, a file a topic."""
