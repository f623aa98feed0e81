//! The executable: everything is in the library, so that tests call it in process.
fn main() -> std::process::ExitCode {
    taskmed::cli::main()
}
