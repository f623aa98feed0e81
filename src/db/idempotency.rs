//! Remembers the answers of POSTs that carried an `Idempotency-Key`, in the same transaction as their work
//! (draft-ietf-httpapi-idempotency-key-header): a repeated request is answered, not done again.
use rusqlite::{Connection, OptionalExtension, params};

use super::{Actor, clinic::IdempotencyKey, error::translate};
use crate::base::{Error, Instant, Result};

const KEPT_SECONDS: i64 = 24 * 3600;

/// The first answer to this person's key; an error when the key came with another body.
pub(super) fn find(
    conn: &Connection,
    actor: &Actor,
    key: &IdempotencyKey,
    now: Instant,
) -> Result<Option<String>> {
    let row = conn
        .prepare_cached(
            "select body_hash, answer from idempotency where key = ?1 and user_id = ?2 and at > ?3",
        )
        .and_then(|mut s| {
            s.query_row(params![key.key, actor.user_id.unwrap_or(0), now.as_second() - KEPT_SECONDS], |r| {
                Ok((r.get::<_, Vec<u8>>(0)?, r.get::<_, String>(1)?))
            })
            .optional()
        })
        .map_err(translate)?;
    match row {
        Some((hash, _)) if hash != key.body_hash => Err(Error::field("", "idempotency_key_reused")),
        Some((_, answer)) => Ok(Some(answer)),
        None => Ok(None),
    }
}

/// Keeps an answer for a day, and drops those that are older.
pub(super) fn keep(
    conn: &Connection,
    actor: &Actor,
    key: &IdempotencyKey,
    answer: &str,
    now: Instant,
) -> Result<()> {
    let user = actor.user_id.unwrap_or(0);
    let at = now.as_second();
    let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
        conn.prepare_cached(sql).and_then(|mut s| s.execute(params)).map(drop).map_err(translate)
    };
    run("delete from idempotency where at <= ?1", &[&(at - KEPT_SECONDS)])?;
    run(
        "insert into idempotency (key, user_id, body_hash, answer, at) values (?1, ?2, ?3, ?4, ?5)",
        &[&key.key, &user, &key.body_hash, &answer, &at],
    )
}
