"""Which field comes from which column, constant or generated value; and how values are read."""
