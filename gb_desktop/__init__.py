"""GB Desktop: an Excel sheet becomes sent rows in Gameball, and a results workbook."""

__version__ = "0.1.0"
