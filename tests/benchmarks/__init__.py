"""Reference models by others' methods, timed beside the engines."""
