"""Steps that bring the tables of `data.store` from each version to the next. A step that was delivered never changes."""
