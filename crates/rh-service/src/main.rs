//! rh-agent
fn main() {}
