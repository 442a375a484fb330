"""Whole databases from former versions: `v<N>.sql`, made by `writing`, never changed."""
