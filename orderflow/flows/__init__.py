"""The steps of the process, one module each: read with sheets, decide with rules, commit to the ledger, show."""
