"""The people of the room: how they sign in."""
