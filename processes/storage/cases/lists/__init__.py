"""Lists and counts of cases: filtered, searched, sorted, page by page."""
