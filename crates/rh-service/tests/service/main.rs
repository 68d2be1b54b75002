//! The service over real sockets.

#![cfg(test)]

mod abuse;
mod access;
mod codes;
mod leaving;
mod pages;
mod session;
mod stopping;
mod support;
