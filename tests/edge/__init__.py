"""Promises at the edges, kept by the whole desk in this process: real sockets and database, a clock moved by hand."""
