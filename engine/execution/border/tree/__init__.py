"""The task tree: tokens, scopes and their variables, and what is computed in them."""
