"""The learned models; no SQL, no sockets."""
