"""Which time it is, which days count, and when an engine looks at what is late."""
