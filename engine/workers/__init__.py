"""Work for programs outside: what they are told of it, and what they do to it."""
