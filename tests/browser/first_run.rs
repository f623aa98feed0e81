//! The first run and signing in.
