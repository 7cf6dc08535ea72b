"""Reading aids: they read documents and suggest claims. Nothing here records anything; a person does that."""
