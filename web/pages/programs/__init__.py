"""Pages of instances and topics."""
