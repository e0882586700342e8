"""The Qt application: composition root, engine client, main window, one module per pane, theme."""
