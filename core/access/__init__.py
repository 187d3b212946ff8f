"""Who may see and change what on a server with sign-in; without it, everything is allowed."""
