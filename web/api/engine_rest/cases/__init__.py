"""Resources of running and ended cases: instances, executions, messages, incidents, history."""
