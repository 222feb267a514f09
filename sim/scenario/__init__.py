"""What a planner writes: models of a scenario, loading and checking, calendar."""
