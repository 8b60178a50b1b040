//! What servers do wrong.
