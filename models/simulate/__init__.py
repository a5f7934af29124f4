"""The simulator: a plan lived through event by event. Shares nothing with the staffing formulas that it judges."""
