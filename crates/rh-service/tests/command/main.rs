//! The program's chores, by running it.

#![cfg(test)]

mod audit;
mod devices;
mod receipt;
mod support;
