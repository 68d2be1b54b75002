//! The service over real sockets.

#![cfg(test)]

mod abuse;
mod access;
mod admin;
mod advisories;
mod chat;
mod codes;
mod consent;
mod description;
mod devices;
mod devices_recorded;
mod draining;
mod guessing;
mod hostile;
mod identity;
mod introducing;
mod leaving;
mod nodes;
mod nodes_admin;
mod notes;
mod operations;
mod pages;
mod policy;
mod proof;
mod receipts;
mod records;
mod redis;
mod relay;
mod rules;
mod session;
mod shield;
mod stopping;
mod support;
mod tls;
mod webhook;
