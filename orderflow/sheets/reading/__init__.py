"""How any file becomes rows: what it is by its bytes, a look inside, and parsers kept in child processes."""
