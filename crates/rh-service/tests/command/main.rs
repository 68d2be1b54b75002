//! The program's chores, by running it.

#![cfg(test)]

mod audit;
mod receipt;
mod support;
