"""Composition root: builds the services, injects them, starts the window."""
