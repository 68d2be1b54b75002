use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::chain::link;
use crate::{Checkpoint, Entry, Event, Fact, Hash, Head, Purpose, Signed, SigningKey, Timestamp};

/// A tenant's chain as a store holds it.
#[derive(Clone, Debug)]
struct Chain {
    entries: Vec<Entry>,
    documents: Vec<String>,
    head: Head,
}

fn tenant() -> TenantId {
    "contoso".parse().unwrap()
}

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn fact(n: u64) -> Fact {
    let at = Timestamp::from_millis(1_772_357_400_000 + n as i64 / 2).unwrap();
    Fact { tenant: tenant(), at, event: Event::Lost { events: n } }
}

fn document(head: Head, purpose: Purpose) -> String {
    let Head { seq, hash } = head;
    let at = fact(seq).at;
    Signed::new(&Checkpoint { tenant: tenant(), seq, hash, at, purpose }, &key()).to_line()
}

/// A chain of `length` entries, with seals on those of these numbers.
fn chain(length: u64, seals: &[u64]) -> Chain {
    let mut head = Head::START;
    let entries: Vec<Entry> = (0..length).map(|n| head.extend(&fact(n))).collect();
    let sealed = entries.iter().filter(|entry| seals.contains(&entry.seq));
    let documents = sealed.map(|entry| document(entry.head(), Purpose::Seal)).collect();
    Chain { entries, documents, head }
}

impl Chain {
    fn verify(&self) -> Result<Verified, Broken> {
        self.verify_by(&[])
    }

    fn verify_by(&self, witnesses: &[Head]) -> Result<Verified, Broken> {
        let trust = Trust::Only([key().public().id()].into());
        let mut walk = Walk::new(tenant(), &self.documents, &trust)?;
        witnesses.iter().try_for_each(|witness| walk.expect(*witness))?;
        self.entries.iter().try_for_each(|entry| walk.take(entry))?;
        walk.finish(self.head)
    }

    /// What retention up to `seq` leaves.
    fn retained(mut self, seq: u64) -> Self {
        let anchor = document(self.entries[seq as usize - 1].head(), Purpose::Anchor);
        self.entries.retain(|entry| entry.seq > seq);
        let seals = self.documents.iter().filter(|it| number(it) > seq).cloned();
        self.documents = std::iter::once(anchor).chain(seals).collect();
        self
    }

    /// Hashes everything from `start` on anew, as a forger with the whole database would.
    fn rehash(&mut self, start: usize) {
        for at in start..self.entries.len() {
            let prev = if at > 0 { self.entries[at - 1].hash } else { Head::START.hash };
            let entry = &mut self.entries[at];
            entry.prev = prev;
            entry.hash = link(prev, &entry.body);
        }
        self.head = self.entries.last().map_or(Head::START, Entry::head);
    }
}

fn number(document: &str) -> u64 {
    Signed::<Checkpoint>::open(document, &Trust::Any).unwrap().0.seq
}

/// Changes one thing of an entry.
fn edit(entry: &mut Entry, field: u8, byte: Index) {
    match field {
        0 => {
            let mut body = std::mem::take(&mut entry.body).into_bytes();
            let at = byte.index(body.len());
            body[at] = if body[at] == b'7' { b'8' } else { b'7' };
            entry.body = String::from_utf8(body).unwrap();
        }
        1 => entry.hash.0[byte.index(32)] ^= 1,
        2 => entry.prev.0[byte.index(32)] ^= 1,
        3 => entry.at = fact(entry.seq + 100).at,
        _ => entry.seq += 1000,
    }
}

#[test]
fn a_chain_holds_with_and_without_seals_and_after_retention() {
    let keys = BTreeSet::from([key().public().id()]);
    let none = Verified { first: 1, last: 0, sealed: 0, keys: BTreeSet::new() };
    assert_eq!(chain(0, &[]).verify().unwrap(), none);
    let whole = chain(9, &[3, 7]).verify().unwrap();
    assert_eq!(whole, Verified { first: 1, last: 9, sealed: 7, keys: keys.clone() });
    let cut = chain(9, &[3, 7]).retained(5).verify().unwrap();
    assert_eq!(cut, Verified { first: 6, last: 9, sealed: 7, keys: keys.clone() });
    let twice = chain(9, &[3, 7]).retained(5).retained_all();
    assert_eq!(twice.verify().unwrap(), Verified { first: 10, last: 9, sealed: 9, keys });
}

impl Chain {
    /// What retention leaves when everything is old.
    fn retained_all(mut self) -> Self {
        self.documents = vec![document(self.head, Purpose::Anchor)];
        self.entries.clear();
        self
    }
}

#[test]
fn the_first_broken_entry_is_named() {
    let mut edited = chain(9, &[]);
    edited.entries[4].body = edited.entries[4].body.replace("contoso", "fabrikam");
    assert!(matches!(edited.verify(), Err(Broken::Altered(5))));
    edited.rehash(4);
    assert!(matches!(edited.verify(), Err(Broken::Misfiled(5))));

    let mut removed = chain(9, &[]);
    removed.entries.drain(3..5);
    assert!(matches!(removed.verify(), Err(Broken::Missing { from: 4, to: 5 })));

    let mut ended = chain(9, &[]);
    ended.entries.pop();
    assert!(matches!(ended.verify(), Err(Broken::Missing { from: 9, to: 9 })));

    let mut moved = chain(9, &[]);
    moved.entries[6] = Entry { seq: 7, ..moved.entries[2].clone() };
    assert!(matches!(moved.verify(), Err(Broken::Unlinked(7))));
}

/// A seal is no anchor: a forger who takes away the beginning cannot make it look like retention.
#[test]
fn a_missing_beginning_is_not_taken_for_retention() {
    let mut cut = chain(9, &[4, 9]);
    cut.entries.drain(..4);
    cut.documents.remove(0);
    assert!(matches!(cut.verify(), Err(Broken::Missing { from: 1, to: 4 })));
    cut.documents.push(document(Head { seq: 4, hash: cut.entries[0].prev }, Purpose::Seal));
    assert!(matches!(cut.verify(), Err(Broken::Missing { from: 1, to: 4 })));
}

#[test]
fn checkpoints_of_strangers_and_of_other_tenants_are_noticed() {
    let mut chain = chain(3, &[]);
    let Head { seq, hash } = chain.head;
    let checkpoint =
        Checkpoint { tenant: tenant(), seq, hash, at: fact(0).at, purpose: Purpose::Seal };
    let stranger = SigningKey::from_seed(&[4; 32]);
    chain.documents = vec![Signed::new(&checkpoint, &stranger).to_line()];
    assert!(matches!(chain.verify(), Err(Broken::Checkpoint(NotGenuine::Stranger(_)))));
    let other = Checkpoint { tenant: "fabrikam".parse().unwrap(), ..checkpoint };
    chain.documents = vec![Signed::new(&other, &key()).to_line()];
    assert!(matches!(chain.verify(), Err(Broken::ForeignCheckpoint(_))));
    let fork = Checkpoint { hash: Hash([1; 32]), ..checkpoint };
    chain.documents = vec![Signed::new(&fork, &key()).to_line()];
    assert!(matches!(chain.verify(), Err(Broken::Rewritten(3))));
    chain.documents.push(document(chain.head, Purpose::Seal));
    assert!(matches!(chain.verify(), Err(Broken::Rewritten(3))));
}

/// What a later export brings binds what follows, and stands in for nothing that is missing.
#[test]
fn a_later_checkpoint_vouches_for_what_follows() {
    let whole = chain(6, &[6]);
    let trust = Trust::Only([key().public().id()].into());
    let half = || {
        let mut walk = Walk::new(tenant(), &[], &trust).unwrap();
        whole.entries[..3].iter().for_each(|entry| walk.take(entry).unwrap());
        walk
    };
    let mut walk = half();
    walk.vouch(&whole.documents[0], &trust).unwrap();
    whole.entries[3..].iter().for_each(|entry| walk.take(entry).unwrap());
    assert_eq!(walk.finish(whole.head).unwrap().sealed, 6);

    let mut walk = half();
    walk.vouch(&document(whole.entries[4].head(), Purpose::Anchor), &trust).unwrap();
    let next = walk.take(&whole.entries[5]);
    assert!(matches!(next, Err(Broken::Missing { from: 4, to: 5 })), "{next:?}");

    let fork = document(Head { seq: 3, hash: Hash([1; 32]) }, Purpose::Seal);
    assert!(matches!(half().vouch(&fork, &trust), Err(Broken::Rewritten(3))));
    let Head { seq, hash } = whole.head;
    let checkpoint =
        Checkpoint { tenant: tenant(), seq, hash, at: fact(0).at, purpose: Purpose::Seal };
    let stranger = Signed::new(&checkpoint, &SigningKey::from_seed(&[4; 32])).to_line();
    assert!(matches!(half().vouch(&stranger, &trust), Err(Broken::Checkpoint(_))));
    let other = Checkpoint { tenant: "fabrikam".parse().unwrap(), ..checkpoint };
    let other = Signed::new(&other, &key()).to_line();
    assert!(matches!(half().vouch(&other, &trust), Err(Broken::ForeignCheckpoint(_))));
}

proptest! {
    /// B-13: an edited row fails verification, and the row is named.
    #[test]
    fn an_edited_entry_is_noticed(length in 1u64..20, at: Index, field in 0u8..5, byte: Index) {
        let mut chain = chain(length, &[length]);
        let at = at.index(chain.entries.len());
        let before = chain.entries[at].clone();
        edit(&mut chain.entries[at], field, byte);
        prop_assume!(chain.entries[at] != before);
        let named = match chain.verify() {
            Err(Broken::Altered(seq) | Broken::Unlinked(seq) | Broken::Misfiled(seq)) => seq,
            Err(Broken::Missing { from, .. }) => from,
            other => panic!("{other:?}"),
        };
        prop_assert_eq!(named, at as u64 + 1);
    }

    /// B-13: a removed row fails verification, the last one too.
    #[test]
    fn a_removed_entry_is_noticed(length in 1u64..20, at: Index) {
        let mut chain = chain(length, &[]);
        let gone = chain.entries.remove(at.index(chain.entries.len())).seq;
        let noticed = matches!(chain.verify(), Err(Broken::Missing { from, .. }) if from == gone);
        prop_assert!(noticed);
    }

    /// B-13: two rows that change places fail verification, with their numbers or without.
    #[test]
    fn swapped_entries_are_noticed(length in 2u64..20, a: Index, b: Index, renumber: bool) {
        let mut chain = chain(length, &[]);
        let (a, b) = (a.index(chain.entries.len()), b.index(chain.entries.len()));
        prop_assume!(a != b);
        chain.entries.swap(a, b);
        if renumber {
            (chain.entries[a].seq, chain.entries[b].seq) = (a as u64 + 1, b as u64 + 1);
        }
        prop_assert!(chain.verify().is_err());
    }

    /// B-13: an inserted row fails verification, wherever it came from.
    #[test]
    fn an_inserted_entry_is_noticed(length in 1u64..20, from: Index, to: Index, renumber: bool) {
        let mut chain = chain(length, &[]);
        let copy = chain.entries[from.index(chain.entries.len())].clone();
        let to = to.index(chain.entries.len() + 1);
        chain.entries.insert(to, copy);
        if renumber {
            for (at, entry) in chain.entries.iter_mut().enumerate() {
                entry.seq = at as u64 + 1;
            }
        }
        prop_assert!(chain.verify().is_err());
    }

    /// B-13: what a sharer's receipt says of the chain binds the service itself.
    #[test]
    fn a_witness_is_passed_or_missed(length in 1u64..20, at: Index, kept: Index, forge: bool) {
        let whole = chain(length, &[]);
        let mut witness = whole.entries[at.index(whole.entries.len())].head();
        let anchor = kept.index(whole.entries.len()) as u64;
        let chain = if anchor > 0 { whole.retained(anchor) } else { whole };
        if forge {
            witness.hash.0[0] ^= 1;
        }
        let held = chain.verify_by(&[witness]).is_ok();
        prop_assert_eq!(held, !forge || witness.seq < anchor);
        let later = Head { seq: length + 1, ..witness };
        let missed = matches!(chain.verify_by(&[later]), Err(Broken::Missing { .. }));
        prop_assert!(missed);
    }

    /// B-13: a forger who also writes every later hash anew is caught by the next seal.
    #[test]
    fn what_is_sealed_cannot_be_written_anew(
        length in 1u64..20, at: Index, seal: Index, kind in 0u8..3,
    ) {
        let at = at.index(length as usize);
        let seal = at as u64 + 1 + seal.index(length as usize - at) as u64;
        let mut chain = chain(length, &[seal]);
        let mut forged = chain.entries[at].clone();
        forged.body = forged.body.replace("lost", "none");
        match kind {
            0 => chain.entries[at] = forged,
            1 => drop(chain.entries.remove(at)),
            _ => chain.entries.insert(at, forged),
        }
        for (n, entry) in chain.entries.iter_mut().enumerate() {
            entry.seq = n as u64 + 1;
            let mut body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
            body["seq"] = entry.seq.into();
            entry.body = crate::jcs::canonical(&body).unwrap();
        }
        chain.rehash(at);
        prop_assert!(chain.verify().is_err());
        chain.documents.clear();
        prop_assert!(chain.verify().is_ok(), "only the seal tells");
    }
}
