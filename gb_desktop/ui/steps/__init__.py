"""The six pages of the wizard, and the small parts that only they need."""
