//! A small SMTP server: the demo's mail catcher, and in tests a relay that misbehaves on demand.
