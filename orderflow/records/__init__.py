"""The nouns of the desk. Nothing here reads a file, a clock or the ledger."""
