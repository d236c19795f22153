"""Thin commands for editors and operators."""
