"""Tests of the drawn fates and of the generators beneath them."""
