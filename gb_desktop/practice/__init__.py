"""A local stand-in for Gameball on loopback. Knows the catalog alone."""
