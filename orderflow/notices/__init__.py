"""Notices: their texts, where they go, and the channels that carry them. Nothing here knows the ledger."""
