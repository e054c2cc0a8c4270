"""Rules that turn mapped rows into exact items and problems."""
