"""A server with its rules and commands as one file to give away; a stranger's is seen first."""
