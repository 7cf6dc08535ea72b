"""An account as other programs read it: linked data, and rows for a spreadsheet."""
