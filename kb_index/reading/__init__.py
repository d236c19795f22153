"""Article files as editors write them: Markdown, CSV, XLSX and JSONL, read into articles and faults."""
