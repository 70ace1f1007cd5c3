"""orderflow runs a company's order desk out of spreadsheets."""

__version__ = "0.1.0"
