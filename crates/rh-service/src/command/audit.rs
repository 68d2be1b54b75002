//! `rh-service audit verify`: of a store, or of exported files.

use std::path::PathBuf;

use clap::Args;
use rh_policy::TenantId;
use rh_records::audit::{self, AuditError, Verified};
use rh_records::{Address, Head, Receipt, RecordStore, Signed, open_to_read};

use super::exported::Exported;
use super::{Failure, Keys, read};

/// Checks the chains of a store, which may be in use, or an exported log, which needs nothing else.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The records: a SQLite file, or postgres://user@host/database
    #[arg(
        long,
        value_name = "FILE|URL",
        env = "RH_RECORDS",
        hide_env_values = true,
        required_unless_present = "files"
    )]
    records: Option<Address>,
    /// An exported log, to check instead of the records; repeat it for exports that go on where the
    /// last one ended, in their order
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// This tenant only, instead of all
    #[arg(long, value_name = "ID")]
    tenant: Option<TenantId>,
    /// A receipt that the audit log must agree with; may be repeated
    #[arg(long = "receipt", value_name = "FILE")]
    receipts: Vec<PathBuf>,
    #[command(flatten)]
    keys: Keys,
}

impl Verify {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let witnesses = self.witnesses()?;
        let Some(records) = self.records.as_ref().filter(|_| self.files.is_empty()) else {
            return self.verify_files(&witnesses);
        };
        let unknown = |error: rh_records::RecordError| Failure::Unknown(error.to_string());
        let store = open_to_read(records).await.map_err(unknown)?;
        let mut tenants = store.tenants().await.map_err(unknown)?;
        if let Some(only) = &self.tenant {
            tenants.retain(|tenant| tenant == only);
        }
        // What a receipt is about must be there, even if all else of its tenant is gone.
        tenants.extend(witnesses.iter().map(|(tenant, _)| tenant.clone()));
        tenants.sort();
        tenants.dedup();
        if tenants.is_empty() {
            println!("there are no entries to check");
        }
        let mut broken = Vec::new();
        for tenant in &tenants {
            if let Some(fault) = self.verify(&*store, tenant, &witnesses).await? {
                broken.push(fault);
            }
        }
        if broken.is_empty() { Ok(()) } else { Err(Failure::Broken(broken.join("\n"))) }
    }

    fn verify_files(&self, witnesses: &[(TenantId, Head)]) -> Result<(), Failure> {
        let trust = self.keys.trust();
        let mut exported = Exported::new(&trust, self.tenant.as_ref(), witnesses);
        for file in &self.files {
            exported.read(file)?;
        }
        let (tenant, verified) = exported.finish()?;
        println!("{tenant}: {}", self.holds(&verified));
        Ok(())
    }

    /// What is wrong with a tenant's chain, if anything.
    async fn verify(
        &self,
        store: &dyn RecordStore,
        tenant: &TenantId,
        witnesses: &[(TenantId, Head)],
    ) -> Result<Option<String>, Failure> {
        let theirs = witnesses.iter().filter(|(whose, _)| whose == tenant);
        let theirs: Vec<_> = theirs.map(|(_, head)| *head).collect();
        match audit::verify(store, tenant, &self.keys.trust(), &theirs).await {
            Ok(verified) => {
                println!("{tenant}: {}", self.holds(&verified));
                Ok(None)
            }
            Err(AuditError::Broken(broken)) => Ok(Some(format!(
                "{tenant}: {broken}\n  keep a copy of the records as they are, and compare them \
                 with a backup"
            ))),
            Err(AuditError::Store(error)) => Err(Failure::Unknown(error.to_string())),
        }
    }

    fn holds(&self, Verified { first, last, sealed, keys }: &Verified) -> String {
        let entries = match last.saturating_add(1).saturating_sub(*first) {
            0 => "no entries are left, and those that were are accounted for".to_owned(),
            1 => format!("entry {last} holds"),
            _ => format!("entries {first} to {last} hold"),
        };
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        match keys.as_slice() {
            [] => format!("{entries}; none is sealed yet"),
            keys => format!(
                "{entries}; sealed up to {sealed} with the key {}{}",
                keys.join(" and "),
                self.keys.advice()
            ),
        }
    }

    /// What the receipts say of the chains.
    fn witnesses(&self) -> Result<Vec<(TenantId, Head)>, Failure> {
        let witness = |path: &PathBuf| {
            let (receipt, _) = Signed::<Receipt>::open(&read(path)?, &self.keys.trust())
                .map_err(|error| Failure::Unknown(format!("{}: {error}", path.display())))?;
            Ok((receipt.tenant, Head { seq: receipt.seq, hash: receipt.hash }))
        };
        self.receipts.iter().map(witness).collect()
    }
}
