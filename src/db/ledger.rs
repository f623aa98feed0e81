//! Keeps acts and rows in step: whatever a job wrote must be covered by its acts, and each act becomes an entry of the trail that
//! answers for the earlier values it filed.
use super::{
    Act, Actor, Audited, Event, Table, WriteTx, Written, desk::Desk, error::translate, idempotency, trail,
};
use crate::base::{Error, Result};

impl Desk {
    /// Runs audited work, appends its entries and tells what other screens hear.
    pub fn audited<T>(
        &mut self,
        actor: &Actor,
        encode: Option<fn(&T) -> String>,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<Audited<T>>,
    ) -> Result<(Written<T>, Vec<Event>)> {
        let now = self.clock.now();
        let remember = actor.idempotency.as_ref().zip(encode);
        if let Some((key, _)) = remember
            && let Some(answer) = idempotency::find(&self.conn, actor, key, now)?
        {
            return Ok((Written::Replayed(answer), Vec::new()));
        }
        let mark = self.touches.rows().mark();
        let mut tx = WriteTx::new(self, now, actor);
        let Audited(value) = work(&mut tx)?;
        let acts = tx.into_acts();
        self.compare(mark, &acts)?;
        let bindings = self.bind(mark, &acts)?;
        let mut events = Vec::with_capacity(acts.len());
        for (act, binding) in acts.iter().zip(bindings) {
            trail::append(&self.conn, &mut self.head, (now, actor), act, binding)?;
            events.push(Event::of(self.head.seq, act, actor));
        }
        if let Some((key, encode)) = remember {
            idempotency::keep(&self.conn, actor, key, &encode(&value), now)?;
        }
        Ok((Written::Fresh(value), events))
    }

    /// Runs work on rows of support tables only.
    pub fn unaudited<T>(
        &mut self,
        actor: &Actor,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T>,
    ) -> Result<(Written<T>, Vec<Event>)> {
        let mark = self.touches.rows().mark();
        let mut tx = WriteTx::new(self, self.clock.now(), actor);
        let value = work(&mut tx)?;
        self.compare(mark, &[])?;
        Ok((Written::Fresh(value), Vec::new()))
    }

    /// Every record row that was touched since `mark` must be covered by an act: a write without its entry never commits.
    fn compare(&self, mark: usize, acts: &[Act]) -> Result<()> {
        let touches = self.touches.rows();
        let stray = touches
            .since(mark)
            .iter()
            .find(|(table, row)| table.is_record() && !acts.iter().any(|a| a.covers(*table, *row)));
        match stray {
            Some((table, row)) => {
                Err(Error::internal(format!("{} {row} was written without an act", table.name())))
            }
            None => Ok(()),
        }
    }

    /// What each act answers for of the rows filed in `history` since `mark`.
    fn bind(&self, mark: usize, acts: &[Act]) -> Result<Vec<Option<trail::Binding>>> {
        let touches = self.touches.rows();
        let filed = touches
            .since(mark)
            .iter()
            .filter(|(table, row)| *table == Table::History && *row > self.head.history)
            .map(|(_, row)| *row);
        match (filed.clone().min(), filed.max()) {
            (Some(first), Some(last)) => trail::bind(&self.conn, first..=last, acts).map_err(translate),
            _ => Ok(vec![None; acts.len()]),
        }
    }
}
