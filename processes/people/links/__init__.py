"""Single-use links: an invitation, a forgotten password, and the mail that carries one."""
