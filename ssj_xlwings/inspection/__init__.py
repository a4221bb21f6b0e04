"""Working-day clocks of an inspection."""
