//! rh-service
