"""The parts of the workbook writer: text and numbers as XML, rows, and everything around them."""
