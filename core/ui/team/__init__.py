"""What pages show on a server with sign-in: who is signed in, who has access, uploads."""
