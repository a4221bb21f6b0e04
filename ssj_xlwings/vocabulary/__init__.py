"""All Chinese words: tables and columns, code lists, commands, sentences."""
