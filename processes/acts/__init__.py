"""How an act or a reading is done: what it is given, and in which transaction."""
