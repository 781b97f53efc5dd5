"""Sign results as the law asks, keep the registry of certificates, and check any signed PDF."""
