//! Settings, parsed and validated once, read only by `cli`.
