"""Several processes of one desk on one machine: a parent that starts, watches, rolls and ends them."""
