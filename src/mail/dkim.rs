//! DKIM signatures (RFC 6376, RFC 8463): one body hash, RSA and Ed25519.
