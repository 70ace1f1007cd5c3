"""Showing things: the console, progress, tables."""
