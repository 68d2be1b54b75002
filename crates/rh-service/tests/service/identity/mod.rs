//! Sign-in at a real OpenID provider (S-18, S-20, S-45).

mod agent;
mod attempts;
mod configuration;
mod device;
mod logout;
mod pages;
mod step_up;
mod world;
