"""The parts of an expression or script as closures: running them needs no tree."""
