"""Bags: folders that can be checked and read without orderflow, and the tables in them."""
