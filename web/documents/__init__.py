"""Documents on their way to readers: the values of each kind in words, and the files of them."""
