"""What is stored and read again as plain values: commands, jobs, states, history."""
