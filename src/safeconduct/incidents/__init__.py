"""Incidents: sources, claims, relations between claims, accounts, harm and accountability cases."""
