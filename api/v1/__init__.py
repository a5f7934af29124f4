"""Version 1 of the HTTP interface: one file per resource."""
