"""The sheet on screen: a paged table model, its view and its filters."""
