"""What an engine can be asked and told: its acts, questions, models, external tasks."""
