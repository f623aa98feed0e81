//! Checkpoints as people keep them: a browser's last one, and the day's code on paper.
use super::model::{Checked, Closing, Remembered, SignedHead, Witness, Written};
use crate::{
    base::Result,
    db::{Checkpoint, ReadTx, key::hex, trail::checkpoint::Standing},
    features::clinic,
};

/// The newest signed head, what became of the one `known` before, and that `copies` are as they say.
pub fn witness(tx: &ReadTx<'_>, known: &Remembered, copies: Standing) -> Result<Witness> {
    let same = |own: &Checkpoint| known.known_signature.as_deref() == Some(&hex(&own.signature));
    let known = known.known_number.map(|number| tx.standing_of(number, same)).transpose()?;
    Ok(Witness { latest: tx.newest_checkpoint()?.as_ref().map(signed_head), known, copies })
}

/// A checkpoint as the end of its day.
pub fn closing(tx: &ReadTx<'_>, checkpoint: &Checkpoint) -> Result<Closing> {
    let zone = clinic::store::find(tx)?.zone();
    Ok(Closing {
        day: checkpoint.at.day_in(&zone),
        at: checkpoint.at,
        entries: checkpoint.seq,
        number: checkpoint.number,
        code: checkpoint.closing_code(),
    })
}

/// Whether a code is that of a checkpoint of its day, and whether the entry that one signed is still the same.
pub fn check(tx: &ReadTx<'_>, written: &Written) -> Result<Checked> {
    let zone = clinic::store::find(tx)?.zone();
    let (from, to) = (written.day.start_in(&zone), written.day.plus_days(1).start_in(&zone));
    let of_day = tx.checkpoints_between(from, to)?;
    let Some(found) = of_day.iter().find(|c| c.has_closing_code(&written.code)) else {
        return Ok(Checked { holds: false, closing: None });
    };
    let sql = "select count(*) from audit where seq = ?1 and hash = ?2";
    let holds = tx.number(sql, crate::db::params![found.seq, found.head])? == 1;
    Ok(Checked { holds, closing: Some(closing(tx, found)?) })
}

fn signed_head(c: &Checkpoint) -> SignedHead {
    SignedHead {
        number: c.number,
        at: c.at,
        seq: c.seq,
        head: hex(&c.head),
        key: hex(&c.key),
        next_key: hex(&c.next_key),
        signature: hex(&c.signature),
    }
}
