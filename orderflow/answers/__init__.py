"""What each command answers: an object for `--json`, whose models are the contract, and words for a person."""
