//! The executable: everything is in the library, so that tests call it in process.

/// Rows are read on one thread and sent from another: this allocator gives memory back across threads without a lock.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    taskmed::cli::main()
}
