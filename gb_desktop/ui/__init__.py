"""Everything with Qt: the window, its pages, its threads."""
