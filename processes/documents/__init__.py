"""Documents that leave the product: what each kind shows, and how Word, PDF and Excel are made."""
