"""Print-ready papers."""
