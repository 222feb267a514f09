"""Back tests: what the shipped baseline gave when it was last measured, and the commands for it."""
