"""The HTTP and Socket.IO server and everything with state."""
