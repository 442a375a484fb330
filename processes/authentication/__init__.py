"""How somebody proves who they are: passwords, tokens, guesses slowed down."""
