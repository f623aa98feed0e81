//! Files the newest appointments under their contacts, many at a time: one by one each would be written to a page of its own, since
//! people who book one after the other stand anywhere in the register. Until then they are found among the newest.
use rusqlite::Connection;

use super::{Table, touches::Rows, tx::run_kept};
use crate::base::Result;

/// So many of the newest fit on a few pages.
const MANY: usize = 512;

/// How many appointments may wait to be filed.
pub(super) struct Filing(usize);

impl Filing {
    /// Looks how many wait in the file.
    pub fn of(conn: &Connection) -> rusqlite::Result<Self> {
        let waiting: i64 = conn.query_row("select count(*) from visits_new", [], |row| row.get(0))?;
        Ok(Self(usize::try_from(waiting).unwrap_or(MANY)))
    }

    /// Counts what a group has touched.
    pub fn count(&mut self, touched: &Rows) {
        self.0 += touched.since(0).iter().filter(|(table, _)| *table == Table::Appointments).count();
    }

    /// Whether it is time.
    pub fn is_due(&self) -> bool {
        self.0 >= MANY
    }

    /// Files all that wait, in the transaction under way.
    pub fn file(&mut self, conn: &Connection) -> Result<()> {
        run_kept(
            conn,
            "insert into visits_filed select * from visits_new order by contact_id, starts_at, id",
        )?;
        run_kept(conn, "delete from visits_new")?;
        self.0 = 0;
        Ok(())
    }
}
