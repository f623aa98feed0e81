//! Handlers of the demonstration.
use std::{path::Path, sync::Arc};

use super::{
    fill::fill,
    model::{DemoClinic, OWNER, Shown},
    place,
};
use crate::{
    access::Token,
    base::{Clock, Error, Result},
    db::Clinics,
    demo::Size,
    features::sessions::{self, door::off_thread},
    web::{Context, Done, Here, Own, Program, Public, ToldOnce, WithSession},
};

/// The clinic everybody sees who looks at the demonstration.
const SEED: u64 = 1;

/// Makes the demonstration, an older one giving way, and signs the caller in as its owner. Only while there is no clinic.
pub async fn make(public: Public) -> Result<WithSession<ToldOnce<Shown>>> {
    public.only_here()?;
    let context = Arc::clone(&public.context);
    let turn = Arc::clone(&context.demonstrations).lock_owned().await;
    let making = Arc::clone(&context);
    // A caller who goes away does not stop the work, so it is the work that keeps others out meanwhile.
    let (_turn, made) = off_thread(move || Ok((turn, make_and_serve(&making)?))).await?;
    let clinic = public.clinic(Some(made.clinic_id))?.ok_or(Error::NotFound("clinic"))?;
    let token = Token::random(made.clinic_id)?;
    let (hash, agent) = (token.hash(), public.user_agent.clone());
    let door = public.door(clinic);
    let signed_in = door.write(move |tx| sessions::store::open(tx, OWNER, hash, &agent)).await?;
    let shown = Shown { user: signed_in.user, clinic: signed_in.clinic, users: made.users };
    Ok(WithSession::open(ToldOnce(shown), token))
}

/// Throws the demonstration away and goes back to the clinic's own data. Whoever is in it may, also from a locked screen.
pub async fn leave(own: Own, _: Here, program: Program) -> Result<WithSession<Done>> {
    drop(own);
    let context = program.0;
    let turn = Arc::clone(&context.demonstrations).lock_owned().await;
    off_thread(move || {
        let left = leave_behind(&context);
        drop(turn);
        if left { Ok(()) } else { Err(Error::NotFound("demonstration")) }
    })
    .await?;
    Ok(WithSession::end(Done))
}

fn make_and_serve(context: &Context) -> Result<DemoClinic> {
    let set_up = || if context.has_clinic() { Err(Error::conflict("already_set_up")) } else { Ok(()) };
    set_up()?;
    leave_behind(context);
    let folder = place::folder_in(&context.data_folder());
    let (clinics, made) = make_in(&folder, context.clock())?;
    // The real clinic may have been founded meanwhile, in another window: it goes first.
    if let Err(error) = set_up() {
        throw_away(&clinics);
        return Err(error);
    }
    context.serve(clinics, made.users.clone());
    Ok(made)
}

fn make_in(folder: &Path, clock: &Clock) -> Result<(Arc<Clinics>, DemoClinic)> {
    place::discard(folder, clock)?;
    let clinics = Arc::new(Clinics::open(folder, clock.clone())?);
    match fill(&clinics, SEED, Size::Clinic, &mut |_| ()) {
        Ok(made) => Ok((clinics, made)),
        Err(error) => {
            throw_away(&clinics);
            Err(error)
        }
    }
}

/// Serves the clinic's own data again; answers whether it was the demonstration until now.
fn leave_behind(context: &Context) -> bool {
    let left = context.serve_home();
    left.iter().for_each(|clinics| throw_away(clinics));
    left.is_some()
}

/// Closes a demonstration and removes its files. Where that fails the next one tries again, and nothing waits for it.
fn throw_away(clinics: &Clinics) {
    clinics.close();
    if let Err(error) = place::remove(clinics.folder(), clinics.clock()) {
        tracing::warn!(%error, "the demonstration was left, but not all of its files could be removed");
    }
}
