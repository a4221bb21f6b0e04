"""The bytes of a workbook; no meaning."""
