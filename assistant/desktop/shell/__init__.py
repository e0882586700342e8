"""The window itself: starting, panes, pages, what it says about its state."""
