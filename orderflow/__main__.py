"""`python -m orderflow`."""

from orderflow.cli import main

main()
