"""What the XML says of one event: what it waits for, throws, or undoes."""
