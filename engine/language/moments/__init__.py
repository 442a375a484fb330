"""Days, periods and points in time, as process owners write and compute them."""
