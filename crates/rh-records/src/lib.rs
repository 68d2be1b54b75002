//! Who helped whom, when and how far, kept so that tampering shows.
//!
//! Everything that is recorded is an [`Event`] in the chain of its tenant (S-16, M-08, B-13): each
//! [`Entry`] carries the SHA-256 of the one before, a [`Checkpoint`] signed with the service's key
//! says now and then how far the chain had come, and [`verify`](audit::verify) names the first entry
//! that is not as it was written. What reports need (sessions, consents) is kept beside it in the same
//! transaction. A sharer takes a [`Receipt`] home, which [`Signed::open`] checks without any database.
//!
//! [`RecordStore`] is the port; [`open`] makes one, in a SQLite file or a PostgreSQL database. What
//! every backend must do is in [`contract`]. Sealing, retention and receipts are the same for all, in
//! [`upkeep`] and [`receipt`].
//!
//! Absent: what was on a screen, typed, copied or transferred. No event has a place for it. Chat is
//! kept, apart from the chain and for a time of its own.
//!
//! What the management says of devices lies beside the chain too, behind a port of its own,
//! [`DeviceStore`], which every [`RecordStore`] is.
//!
//! What a chain cannot show: someone who holds the key can write another history, and someone with
//! the database alone can take back the entries since the last checkpoint that anybody else has seen.
//! Receipts and exported checkpoints are what others have seen.

mod address;
pub mod audit;
pub mod chain;
mod chat;
mod checkpoint;
pub mod contract;
mod device;
mod error;
mod event;
mod note;
mod postgres;
pub mod receipt;
mod rows;
mod rules;
mod session;
mod sql;
mod sqlite;
mod store;
mod suspension;
pub mod upkeep;

pub use address::{Address, open, open_to_read};
pub use chain::{Entry, Hash, Head};
pub use chat::{Message, NewMessage};
pub use checkpoint::{Checkpoint, Purpose};
pub use device::{
    DeviceKey, DeviceRecord, DeviceSource, DeviceStore, DeviceWord, DirectoryAnswer, HardwareId,
    NotAHardwareId,
};
pub use error::RecordError;
pub use event::{Event, Fact};
pub use note::Note;
pub use receipt::Receipt;
pub use rh_signed::jcs;
pub use rh_signed::{
    KeyError, KeyId, NotATime, NotGenuine, Party, PublicKey, Shown, Signed, SigningKey, Statement,
    Timestamp, Trust,
};
pub use rules::Rules;
pub use session::{Ended, Given, SessionRecord};
pub use store::RecordStore;
pub use suspension::Suspension;
