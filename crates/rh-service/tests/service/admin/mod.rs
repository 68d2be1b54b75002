//! What administrators see and do, over HTTP.

mod acts;
mod export;
mod rights;
mod seeing;
mod world;
