"""Rosters and purchases together: prices, a proven bound, and a plan (mathematics in docs/formulation.md).

problem    the case as integer arrays
tours      the best tour of one agent against prices: exact dynamic program
purchases  the best purchases against own coverage or prices: integer program
prices     what a productive half-hour is worth: linear program with implicit shifts
bound      the Lagrangian bound those prices prove
activity   who works on what, tours given
construct  a first plan
anneal     the compiled search: small changes of tours and blocks
objective  the bill of a solution, to the cent
solve      all of it, anytime
"""
