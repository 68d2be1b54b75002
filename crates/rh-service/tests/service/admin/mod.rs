//! What administrators see and do, over HTTP.

mod acts;
mod export;
mod export_file;
mod rights;
mod rules;
mod seeing;
mod suspensions;
mod world;

pub(crate) use world::answer;
