"""Activities: what each kind does, how it is repeated, what goes on inside."""
