"""Everything with Qt: the window, its pages, its threads."""

from gb_desktop.ui.booleans import keep

keep()
