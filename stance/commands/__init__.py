"""The commands of `stance`, each thin over a library function. Heavy imports stay inside them."""
