//! Compiles campaign content once per language and renders it per contact.
