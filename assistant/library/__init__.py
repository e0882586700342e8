"""The folder becomes an index: catalog, watcher, reconcile, indexer, reader pool."""
