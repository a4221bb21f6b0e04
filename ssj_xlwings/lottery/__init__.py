"""The draw, ssj-draw/1."""
