"""Files in and out: readers for every spreadsheet format, and writers of templates and results."""
