"""Reading and writing any workbook, whatever office kept it: files become rows, rows become files."""
