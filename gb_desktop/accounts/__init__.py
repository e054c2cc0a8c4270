"""Accounts, and their keys in the OS keyring. Imports no other room."""
