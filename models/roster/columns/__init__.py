"""Rosters by column generation: who is given which whole tour, so that rows of cover cost least.

A tour is a sparse column over the rows. The core knows nothing of shifts or days: an adapter prices tours (`program.Tours`),
the core does the linear program over them, the proven bound, diving, restricted masters and neighbourhoods. The mathematics
is in docs/formulation.md, "Tours as columns".
"""
