"""One file for each user action: the only place where rooms meet."""
