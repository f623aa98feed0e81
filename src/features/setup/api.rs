//! Handlers of the first run.
use std::sync::{Arc, PoisonError};

use super::{
    model::{Answer, Founded, Founding, Renewal, Renewed, SetupState},
    store,
};
use crate::{
    access::{Grant, Token, password, permissions::EditClinic},
    base::{Error, Result},
    db::{
        Clinic, Clinics,
        slots::{RecoveryCode, unconfuse},
    },
    features::{
        clinic,
        sessions::{self, door::off_thread, prove::Knock},
    },
    web::{Body, Done, Json, Program, Public, ToldOnce, WithSession},
};

/// Whether a clinic must be set up.
pub async fn state(public: Public) -> Result<Json<SetupState>> {
    let (context, loopback) = (&public.context, public.peer.loopback);
    Ok(Json(SetupState {
        needs_setup: context.clinics().is_empty(),
        version: env!("CARGO_PKG_VERSION"),
        demo_available: loopback,
        in_demonstration: context.in_demonstration(),
        loopback,
        demo_users: if loopback { context.demo_sign_ins() } else { Vec::new() },
    }))
}

/// Founds the clinic, and signs its owner in.
pub async fn found(public: Public, Body(founding): Body<Founding>) -> Result<WithSession<ToldOnce<Founded>>> {
    public.only_here()?;
    let clinics = public.context.clinics();
    let (clinic, code, owner) = off_thread(move || found_here(&clinics, founding)).await?;
    let shown = code.grouped();
    // Kept before anything else can fail: there is no other copy.
    public.context.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(clinic.id(), code);
    let token = Token::random(clinic.id())?;
    let (hash, agent) = (token.hash(), public.user_agent.clone());
    let door = public.door(Arc::clone(&clinic));
    let signed_in = door.write(move |tx| sessions::store::open(tx, owner, hash, &agent)).await?;
    let founded = Founded { user: signed_in.user, clinic: signed_in.clinic, recovery_code: shown };
    Ok(WithSession::open(ToldOnce(founded), token))
}

/// Founds the first clinic of a data folder; answers it, its recovery code and its owner. Blocks.
pub fn found_here(clinics: &Clinics, founding: Founding) -> Result<(Arc<Clinic>, RecoveryCode, i64)> {
    if !clinics.is_empty() {
        return Err(Error::conflict("already_set_up"));
    }
    let hash = password::hash(&founding.password)?;
    clinics.create_first(move |tx, id| store::found(tx, id, &founding, &hash, false))
}

/// Notes that the owner has the recovery code: its last group right after it was shown, all of it later.
pub async fn confirm(grant: Grant<EditClinic>, program: Program, Body(asked): Body<Answer>) -> Result<Done> {
    let clinic = Arc::clone(grant.clinic());
    let pending = program.0.codes.lock().unwrap_or_else(PoisonError::into_inner).get(&clinic.id()).cloned();
    let answer = asked.answer;
    let right = off_thread(move || is_right(&clinic, pending, &answer)).await?;
    if !right {
        return Err(Error::field("/answer", "wrong_answer"));
    }
    grant.write(clinic::store::confirm_recovery).await?;
    program.0.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(&grant.clinic().id());
    Ok(Done)
}

/// Gives the clinic another recovery code and ends the one before. Asked back afterwards as at set-up.
pub async fn renew(
    grant: Grant<EditClinic>,
    knock: Knock,
    program: Program,
    Body(asked): Body<Renewal>,
) -> Result<Json<Renewed>> {
    let proven = knock.prove(&grant, asked.password).await;
    proven.map_err(|error| error.at_field("/password", "wrong_password"))?;
    // Noted first: should the program stop right after, the old code still opens and a proven one is asked for again.
    grant.write(clinic::store::ask_recovery).await?;
    let clinic = Arc::clone(grant.clinic());
    let code = off_thread(move || clinic.renew_recovery_code()).await?;
    let recovery_code = code.grouped();
    program.0.codes.lock().unwrap_or_else(PoisonError::into_inner).insert(grant.clinic().id(), code);
    Ok(Json(Renewed { recovery_code }))
}

fn is_right(clinic: &Clinic, pending: Option<RecoveryCode>, answer: &str) -> Result<bool> {
    let typed: String = answer.chars().filter(char::is_ascii_alphanumeric).map(unconfuse).collect();
    let shown = pending.filter(|code| code.last_group() == typed);
    // What was shown may have been replaced since, by another owner: the file has the last word.
    shown
        .or_else(|| RecoveryCode::parse(answer))
        .map_or(Ok(false), |code| clinic.recovery_code_matches(&code))
}
