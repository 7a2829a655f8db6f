//! From rendered content to the bytes that leave: headers, MIME, footer check.
