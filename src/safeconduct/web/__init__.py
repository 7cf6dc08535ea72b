"""What a browser sees and what HTTP serves: pages, routes and the offline scanner."""
