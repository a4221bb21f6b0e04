"""One module a group of commands; a command returns an Outcome and writes nothing."""
