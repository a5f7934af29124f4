"""Published rostering instances: readers, adapters to the planner's engine, writers and independent checkers."""
