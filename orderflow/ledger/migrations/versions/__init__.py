"""One file a version, named by its number. A file that was published is never changed."""
