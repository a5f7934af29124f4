"""Measurements, printed as JSON: `./dev bench NAME`."""
