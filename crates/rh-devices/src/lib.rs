//! Which device is shared, and what its management says of it.
//!
//! [`DeviceDirectory`] is the port to whoever knows an organisation's devices; [`Stored`] is the
//! default, in the database of the records, filled by [`import`] and by the
//! device management's [`webhook`]; [`graph`] and [`fleet`] ask others. What every backend must do is in
//! [`contract`]. [`recognise`] puts together what an agent presented and what the directory says of
//! it, as `rh-policy` wants it (S-11, S-13 to S-15, S-24 to S-27); [`proof`] tells a device from one that
//! only claims to be it.
//!
//! Absent: any decision. What a device may be shared for is `rh-policy`'s affair. No clock: time is an
//! argument.

pub mod contract;
mod directory;
pub mod fleet;
pub mod graph;
mod http;
pub mod import;
mod lookup;
pub mod proof;
mod recognise;
mod stored;
pub mod webhook;

pub use directory::{DeviceDirectory, DirectoryError};
pub use lookup::Lookup;
pub use recognise::{Presented, SignIn, recognise};
pub use rh_records::{DeviceKey, DeviceRecord, DeviceSource, HardwareId};
pub use stored::Stored;
