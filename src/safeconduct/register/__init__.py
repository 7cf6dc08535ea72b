"""The private roll: people, groups, priority classes, and the import of a spreadsheet."""
