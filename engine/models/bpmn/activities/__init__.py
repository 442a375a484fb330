"""What the XML says of one activity: who does it, what it calls, how often, with which data."""
