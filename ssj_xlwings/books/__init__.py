"""Workbooks as tables."""
