//! Who is at work.
use crate::{
    base::Result,
    db::{ReadTx, params},
};

/// Who did nothing for longer than this is not at work.
const AT_WORK_SECONDS: i64 = 300;

/// How many people did something in the last five minutes.
pub fn people_at_work(tx: &ReadTx<'_>) -> Result<u64> {
    let sql = "select count(distinct user_id) from sessions
        where last_seen_at > ?1 - ?2 and expires_at > ?1 and locked = 0";
    tx.number(sql, params![tx.now(), AT_WORK_SECONDS]).map(|people| u64::try_from(people).unwrap_or(0))
}
