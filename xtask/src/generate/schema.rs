//! JSON Schema of the messages.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rh_protocol::{FromClient, FromHelper, IdentityCard, PointerMove, ToClient, ToHelper};
use schemars::{Schema, schema_for};

/// One file for each kind of message, in `folder`.
pub(super) fn files(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let file = |(name, schema): (&str, Schema)| {
        let text = serde_json::to_string_pretty(&schema)?;
        Ok((folder.join(name).with_extension("json"), text + "\n"))
    };
    roots().into_iter().map(file).collect()
}

fn roots() -> [(&'static str, Schema); 6] {
    [
        ("from_client", schema_for!(FromClient)),
        ("to_client", schema_for!(ToClient)),
        ("from_helper", schema_for!(FromHelper)),
        ("to_helper", schema_for!(ToHelper)),
        ("pointer_move", schema_for!(PointerMove)),
        ("identity_card", schema_for!(IdentityCard)),
    ]
}
