"""Follow-ups and recommendations: read, listed, acted upon."""
