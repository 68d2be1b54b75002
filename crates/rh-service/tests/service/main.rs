//! The service over real sockets.

#![cfg(test)]

mod abuse;
mod access;
mod codes;
mod guessing;
mod identity;
mod leaving;
mod pages;
mod policy;
mod records;
mod rules;
mod session;
mod stopping;
mod support;
