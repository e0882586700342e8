"""GGUF files become an embedder and a chat model: shelf, downloads, llama.cpp runtime, the model process."""
