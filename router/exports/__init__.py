"""Every list of the console as a workbook: what its reader may see, no more."""
