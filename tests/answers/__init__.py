"""Answers to the planner's questions."""
