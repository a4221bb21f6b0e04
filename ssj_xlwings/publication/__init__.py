"""What goes to the public."""
