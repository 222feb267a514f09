"""Tests of what lies between a scenario file and a checked scenario."""
