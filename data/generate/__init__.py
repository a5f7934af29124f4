"""Cases to run on: seeded synthetic ones of any size, and cases built around a contact history made elsewhere."""
