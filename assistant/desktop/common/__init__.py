"""What every room of the window shares: colours, icons, controls, words."""
