"""The commands that answer a planner's questions: a file each, thin over one frame."""
