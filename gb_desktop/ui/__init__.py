"""Everything with Qt: the window, its pages, its threads."""

from gb_desktop.ui.singletons import keep

keep()
