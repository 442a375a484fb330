"""Variables in scopes, said a second time: an interpreter slow and plain enough to be believed, and
random models and acts on which the engine has to agree with it."""
