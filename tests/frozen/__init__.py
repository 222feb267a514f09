"""What is shown today, frozen: a move that should change nothing is seen to change nothing."""
