"""PostgreSQL behind a pooler, in a cluster, encrypted, and in forced orders."""
