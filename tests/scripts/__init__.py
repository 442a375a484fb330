"""The scripts of the pages: their style, types and units."""
