"""What a case may be: its states, verdicts, rounds, and the words of the register."""
