"""What people are told: sentences, errors by who must act on them, what is wrong with a model."""
