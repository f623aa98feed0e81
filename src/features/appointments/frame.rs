//! What stands around the appointments of an agenda: hours, columns, rooms and tags. Between two looks at the agenda appointments
//! change and these do not, so they are kept until one of their tables changes.
use std::{collections::BTreeSet, sync::Arc};

use super::{
    agenda::{Professional, RoomName, TagName, View},
    hours::Hours,
    lines::Shown,
};
use crate::{
    base::Result,
    db::{OfTables, ReadTx, Table},
    features::{clinic, tags},
};

/// The frame of every agenda of a clinic.
pub struct Frame {
    /// When the clinic works.
    pub hours: Hours,
    /// The clinic's zone by name.
    pub time_zone: String,
    /// Every tag, by name.
    pub tags: Vec<TagName>,
    /// Everyone who works or worked here, by name, and whether their column is there without appointments.
    people: Vec<(Professional, bool)>,
    /// Every room, by name, and whether it is in use.
    rooms: Vec<(RoomName, bool)>,
}

impl OfTables for Frame {
    const TABLES: &'static [Table] = &[Table::Users, Table::Rooms, Table::Tags, Table::Clinic];
}

impl Frame {
    /// The frame as it is now.
    pub fn now(tx: &ReadTx<'_>) -> Result<Arc<Self>> {
        tx.of_tables("agenda frame", || {
            let clinic = clinic::store::find(tx)?;
            Ok(Self {
                hours: Hours::of(&clinic),
                time_zone: clinic.time_zone.clone(),
                tags: tags(tx)?,
                people: people(tx)?,
                rooms: rooms(tx)?,
            })
        })
    }

    /// Who works here, and who has appointments among these; only the one asked for where one is.
    pub fn columns(&self, view: &View, appointments: &[Shown]) -> Vec<Professional> {
        let busy: BTreeSet<i64> = appointments.iter().map(|a| a.0.professional_id).collect();
        let asked = |id: i64| view.professional_id.is_none_or(|one| one == id);
        let shown = self.people.iter().filter(|(who, own)| asked(who.id) && (*own || busy.contains(&who.id)));
        shown.map(|(who, _)| who.clone()).collect()
    }

    /// Whether someone of that number works here and has a column.
    pub fn has_professional(&self, id: i64) -> bool {
        self.people.iter().any(|(who, own)| who.id == id && *own)
    }

    /// Whether a room of that number is in use.
    pub fn has_room(&self, id: i64) -> bool {
        self.rooms.iter().any(|(room, active)| room.id == id && *active)
    }

    /// Whether there is a tag of that number.
    pub fn has_tag(&self, id: i64) -> bool {
        self.tags.iter().any(|tag| tag.id == id)
    }

    /// Rooms in use, and those of the appointments.
    pub fn rooms(&self, appointments: &[Shown]) -> Vec<RoomName> {
        let used: BTreeSet<i64> = appointments.iter().filter_map(|a| a.0.room_id).collect();
        let shown = self.rooms.iter().filter(|(room, active)| *active || used.contains(&room.id));
        shown.map(|(room, _)| room.clone()).collect()
    }
}

fn people(tx: &ReadTx<'_>) -> Result<Vec<(Professional, bool)>> {
    let sql = "select u.id, u.name, u.color, u.specialty, u.room_id, r.name, u.active, u.is_professional
        from users u left join rooms r on r.id = u.room_id order by fold(u.name), u.id";
    tx.all(sql, [], |row| {
        let active: bool = row.get(6)?;
        let who = Professional {
            id: row.get(0)?,
            name: row.get(1)?,
            color: row.get(2)?,
            specialty: row.get(3)?,
            room_id: row.get(4)?,
            room_name: row.get(5)?,
            active,
        };
        Ok((who, active && row.get(7)?))
    })
}

fn rooms(tx: &ReadTx<'_>) -> Result<Vec<(RoomName, bool)>> {
    let sql = "select id, name, active from rooms order by fold(name), id";
    tx.all(sql, [], |row| Ok((RoomName { id: row.get(0)?, name: row.get(1)? }, row.get(2)?)))
}

fn tags(tx: &ReadTx<'_>) -> Result<Vec<TagName>> {
    let tags = tags::store::list(tx)?.into_iter();
    Ok(tags.map(|tag| TagName { id: tag.id(), name: tag.name.clone(), color: tag.color }).collect())
}
