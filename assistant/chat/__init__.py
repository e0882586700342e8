"""A question becomes a cited answer: conversations, routing, prompts, answering, citations."""
