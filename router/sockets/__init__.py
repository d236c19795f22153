"""The two Socket.IO namespaces, the gateway out, and what everybody hears after a commit."""
