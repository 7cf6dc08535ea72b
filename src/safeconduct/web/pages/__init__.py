"""The pages of the operations room: templates, style, a little script, and plots made on the server."""
