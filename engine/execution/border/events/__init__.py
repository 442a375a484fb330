"""Events: what is waited for, thrown and caught, and when it is due."""
