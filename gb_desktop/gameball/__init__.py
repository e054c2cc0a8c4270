"""The HTTP client of Gameball's batch API. Imports no other room."""
