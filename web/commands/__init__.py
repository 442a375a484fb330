"""The command `tindak`, one file for each group of commands. It contains no rule of the domain."""
