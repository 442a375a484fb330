"""Variables in scopes, written a second time: an interpreter that is slow and simple enough to
trust, and random models and acts on which the engine must agree with it."""
