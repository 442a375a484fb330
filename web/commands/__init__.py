"""The command `tindak`, one file for each group of commands. No rule of the domain is here."""
