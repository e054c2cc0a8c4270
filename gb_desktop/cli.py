"""The same main job without a window."""
