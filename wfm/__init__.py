"""The trade itself: vocabulary, clocks, rules, costs and checking. Knows no solver, no web and no SQL."""
