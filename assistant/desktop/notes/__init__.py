"""What every page that lists notes needs: where they lie and what can be done with them."""
