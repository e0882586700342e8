"""A question becomes ranked passages: keyword index, vector index, fusion, filters, best sentences."""
