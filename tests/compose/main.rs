//! Composed messages as others see them: mail-parser reads them, mail-auth and dkimpy verify them.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod check;
mod content;
mod dkim;
mod headers;
mod letters;
mod verifiers;
