"""一单两库: intake of messy exports, checks."""
