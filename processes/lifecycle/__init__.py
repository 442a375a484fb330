"""Where models and the register meet: what they read, offer, reach, and whose step it is."""
