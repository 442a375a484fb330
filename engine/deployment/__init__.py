"""Models on their way in: examined, deployed, drafted and released."""
