"""Building a blank workbook from the vocabulary."""
