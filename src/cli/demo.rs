//! `taskmed demo`: a made-up clinic in a folder of its own, with a bar on a terminal and lines elsewhere.
use std::{
    io::{self, IsTerminal},
    path::Path,
    time::Instant,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{DemoArgs, DemoSize, Failure, commands};
use crate::{
    config::{self, Asked},
    db::Clinics,
    demo::Size,
    features::demonstration::{
        fill::fill,
        model::{DemoClinic, Progress, Stage},
        place,
    },
};

/// Makes it, prints who signs in, and leaves the folder ready to be served.
pub fn demo(args: DemoArgs) -> Result<(), Failure> {
    let folder = args.data.map_or_else(config::demo_folder, Ok).map_err(Failure::Config)?;
    let (instance, clinics, _) = commands::take(&Asked { data: Some(folder.clone()), ..Asked::default() })?;
    if !clinics.is_empty() {
        return Err(Failure::Error(format!(
            "there is a clinic in {} already, and nothing was changed: name another folder with --data",
            folder.display()
        )));
    }
    let made = make(&clinics, args.seed, args.size.into());
    clinics.close();
    drop(instance);
    let made = made.inspect_err(|_| give_up(&clinics))?;
    if args.json {
        println!("{}", serde_json::to_string(&made).unwrap_or_default());
    } else {
        print_sign_ins(&made, &folder);
    }
    Ok(())
}

fn make(clinics: &Clinics, seed: u64, size: Size) -> Result<DemoClinic, Failure> {
    let mut shown: Box<dyn FnMut(Progress)> =
        if io::stderr().is_terminal() { Box::new(bar()) } else { Box::new(lines()) };
    fill(clinics, seed, size, &mut *shown).map_err(Failure::from)
}

/// A half-made clinic would be in the way of the next try.
fn give_up(clinics: &Clinics) {
    if let Err(error) = place::discard(clinics.folder(), clinics.clock()) {
        eprintln!("taskmed: what was begun in {} could not be removed: {error}", clinics.folder().display());
    }
}

fn bar() -> impl FnMut(Progress) {
    let style = ProgressStyle::with_template("{msg:13} {wide_bar} {human_pos} of {human_len}, {eta} left");
    let bar = ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    move |at| {
        let name = name_of(at.stage);
        if bar.message() != name {
            // Each stage has a pace of its own: what is left is judged by this one's.
            bar.reset();
            bar.set_message(name);
        }
        bar.set_length(at.total as u64);
        bar.set_position(at.done as u64);
        if at.stage == Stage::Check && at.done == at.total {
            bar.finish_and_clear();
        }
    }
}

fn lines() -> impl FnMut(Progress) {
    let begun = Instant::now();
    let mut last = None;
    move |at| {
        let tenth = (at.stage, at.done * 10 / at.total.max(1));
        if last.replace(tenth) != Some(tenth) {
            let seconds = begun.elapsed().as_secs_f32();
            eprintln!("{}: {} of {} after {seconds:.1} s", name_of(at.stage), at.done, at.total);
        }
    }
}

fn name_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Patients => "patients",
        Stage::Appointments => "appointments",
        Stage::Check => "checks",
    }
}

fn print_sign_ins(made: &DemoClinic, folder: &Path) {
    println!("A made-up clinic is in {}. Who signs in:", folder.display());
    for user in &made.users {
        println!("  {:40}  {}  {}", user.email, user.password, user.roles.codes());
    }
    println!("Start it with: taskmed serve --data \"{}\"", folder.display());
}

impl From<DemoSize> for Size {
    fn from(size: DemoSize) -> Self {
        match size {
            DemoSize::Clinic => Self::Clinic,
            DemoSize::Large => Self::Large,
            DemoSize::Years20 => Self::Years20,
        }
    }
}
