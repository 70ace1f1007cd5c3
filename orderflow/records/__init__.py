"""The nouns of the desk: columns, rows, findings, changes. Nothing here reads a file, a clock or the ledger."""
