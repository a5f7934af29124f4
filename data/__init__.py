"""Files and databases: reading cases, writing plans, storing them. Never imports `models`."""
