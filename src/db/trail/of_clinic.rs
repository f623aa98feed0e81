//! What a clinic does with its trail: takes notes, signs it, verifies it.
use std::sync::Arc;

use super::{Checkpoint, Verdict, checkpoint::Standing, newest, notes::Note, outside, proof};
use crate::{
    base::{Error, Result},
    db::{Act, Actor, Clinic, Written},
};

impl Clinic {
    /// Puts something on record that changed nothing: seen, sent out, refused. Nothing of it may be answered when this fails.
    pub(crate) async fn note(&self, actor: Arc<Actor>, act: Act) -> Result<()> {
        self.writer().note(Note { actor, act, at: self.clock().now(), times: 1 }).await
    }

    /// Counts a look that waits for its place in the trail already, and says whether there was such a one.
    pub(crate) fn noted_again(&self, note: &Note) -> bool {
        self.writer().noted_again(note)
    }

    /// Signs the trail as it is, for the end of a day and for backups; answers the checkpoint that covers all of it.
    pub(crate) async fn seal(&self) -> Result<Checkpoint> {
        match self.writer().seal()?.await.unwrap_or(Err(Error::Busy))? {
            Written::Fresh(checkpoint) => Ok(checkpoint),
            Written::Replayed(_) => Err(Error::internal("no key was given")),
        }
    }

    /// Waits until everything noted so far is in the trail, so that whoever reads it sees all of it.
    pub(crate) async fn settle(&self) -> Result<()> {
        self.housekeep(Arc::default(), |_| Ok(())).await
    }

    /// Entries in the trail.
    pub fn trail_length(&self) -> Result<i64> {
        self.read_here(|tx| tx.number("select max(seq) from audit", []))
    }

    /// Verifies the whole trail and the copies of its checkpoints. `progress` hears how many entries are done. Blocks.
    pub fn verify_trail(&self, progress: &dyn Fn(i64)) -> Result<Verdict> {
        let copies = outside::all(self.folder(), self.id());
        // Not by a reader's connection, which would keep what it read only once.
        self.read_afresh(|tx| {
            proof::verify(tx.connection(), self.id(), &copies, progress).map_err(Error::internal)
        })
    }

    /// Verifies what was written since the newest checkpoint, and the newest copy outside. Blocks.
    pub fn verify_newest(&self) -> Result<Verdict> {
        let copy = outside::newest(self.folder(), self.id());
        self.read_here(|tx| {
            newest::verify(tx.connection(), self.id(), copy.as_ref()).map_err(Error::internal)
        })
    }

    /// Takes this trail for the right one although copies outside know a later one: those are put aside and begun anew. Whoever
    /// calls this has put on record that, and by whose word.
    pub(crate) async fn renew_copies(&self) -> Result<()> {
        match self.writer().renew_copies()?.await.unwrap_or(Err(Error::Busy))? {
            Written::Fresh(()) | Written::Replayed(_) => Ok(()),
        }
    }

    /// What became of the newest copy outside: whether this file still has it. Blocks.
    pub fn copies_hold(&self) -> Result<Standing> {
        let Some(copy) = outside::newest(self.folder(), self.id()) else { return Ok(Standing::Holds) };
        self.read_here(|tx| tx.standing_of(copy.number, |own| *own == copy))
    }
}
