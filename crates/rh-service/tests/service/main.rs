//! The service over real sockets.

#![cfg(test)]

mod session;
mod support;
