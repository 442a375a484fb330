"""What programs and owners ask of the engine itself."""
