"""Forecasting: daily volumes by several members, spread to intervals by learned profiles, with honest uncertainty."""
