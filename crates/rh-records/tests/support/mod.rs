//! Places where the tests make their stores.

#![allow(dead_code, reason = "each test program uses a part")]

pub(crate) mod cluster;
