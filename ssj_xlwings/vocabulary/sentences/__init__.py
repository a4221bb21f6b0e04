"""What the program says, one module a room."""
