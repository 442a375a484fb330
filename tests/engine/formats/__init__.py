"""Whole databases as former versions left them: `v<N>.sql`, made by `writing`, never changed."""
