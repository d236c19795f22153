"""Who the customers are: visitor tokens, signed identities, sealed personal fields."""
