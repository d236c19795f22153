"""Rules of promises."""
