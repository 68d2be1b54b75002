// Written by `cargo xtask gen` from crates/rh-protocol; do not edit.

export * from "./constants";
export * from "./wire";
