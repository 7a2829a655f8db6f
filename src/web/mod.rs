//! What is asked from outside: pages, API, public links.
