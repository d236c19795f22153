"""Every payload that crosses a socket; the tables of all of them are in `router.events`."""
