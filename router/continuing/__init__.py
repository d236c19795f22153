"""Going on with a conversation on another device: a code that opens it once, as the same visitor, for a while."""
