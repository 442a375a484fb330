"""Everything that happens later: the loop over jobs, messages, signals, timers, repairs."""
