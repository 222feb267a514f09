"""What chance decides, drawn before the simulation starts."""
