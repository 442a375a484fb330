"""The texts of mails: what a letter, a digest or a tiding says."""
