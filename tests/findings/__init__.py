"""One file per code of the findings catalogue, each of which brings its code about."""
