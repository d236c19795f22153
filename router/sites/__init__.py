"""Brands or products of one vendor: what a site is called and how its chat looks on the pages that embed it."""
