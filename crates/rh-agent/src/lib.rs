//! rh-agent
