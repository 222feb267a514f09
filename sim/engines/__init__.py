"""Engines: deterministic, from (incidents, attempts, rota, policy) to (outcomes, activities)."""
