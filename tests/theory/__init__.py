"""Queueing theory that the engines are held to, and the tests of that theory."""
